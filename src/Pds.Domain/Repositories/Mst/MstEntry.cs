using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories.Mst;

/// <summary>A record of a repository as the tree knows it.</summary>
/// <param name="Path">The repository path, <c>collection/rkey</c>.</param>
/// <param name="Value">The CID of the record.</param>
public readonly record struct MstEntry(string Path, Cid Value);

/// <summary>One step of a walk in the order of an export. Exactly one of the two is set.</summary>
/// <param name="Node">A node, met before everything below it.</param>
/// <param name="Entry">A record, met after the subtree left of it.</param>
public readonly record struct MstStep(MstNode? Node, MstEntry? Entry);

/// <summary>How one path differs between two trees.</summary>
/// <param name="Path">The repository path, <c>collection/rkey</c>.</param>
/// <param name="Old">The CID in the first tree; <see langword="null"/> when the path is new.</param>
/// <param name="New">The CID in the second tree; <see langword="null"/> when the path is gone.</param>
public readonly record struct MstDiff(string Path, Cid? Old, Cid? New);
