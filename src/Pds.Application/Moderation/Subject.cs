using System.Text.Json.Serialization;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>What a moderator judges: an account, a record or a blob.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(RepoRef), "com.atproto.admin.defs#repoRef")]
[JsonDerivedType(typeof(StrongRef), "com.atproto.repo.strongRef")]
[JsonDerivedType(typeof(RepoBlobRef), "com.atproto.admin.defs#repoBlobRef")]
public abstract record Subject
{
    /// <summary>What the audit trail calls it. A method, since a property would be part of every answer.</summary>
    public abstract override string ToString();
}

/// <summary>An account.</summary>
/// <param name="Did">The account.</param>
public sealed record RepoRef(Did Did) : Subject
{
    /// <inheritdoc/>
    public override string ToString() => Did.ToString();
}

/// <summary>A version of a record.</summary>
/// <param name="Uri">The record.</param>
/// <param name="Cid">The version.</param>
public sealed record StrongRef(AtUri Uri, Cid Cid) : Subject
{
    /// <inheritdoc/>
    public override string ToString() => Uri.ToString();
}

/// <summary>A blob.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Cid">The blob.</param>
/// <param name="RecordUri">The record that refers to it.</param>
public sealed record RepoBlobRef(Did Did, Cid Cid, AtUri? RecordUri = null) : Subject
{
    /// <inheritdoc/>
    public override string ToString() => $"{Did} {Cid}";
}

/// <summary>Whether a measure is in force.</summary>
/// <param name="Applied">In force or not.</param>
/// <param name="Ref">The operator's note.</param>
public sealed record SubjectStatusAttribute(bool Applied, string? Ref = null);
