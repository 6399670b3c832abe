using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Sync;

namespace Pds.Infrastructure.Repositories;

/// <summary>Some of the rows of an import, on their way into the staging area.</summary>
internal sealed class ImportChunk(long stagingId, Tid rev) : QueuedWrite
{
    /// <summary>So many rows that no other write waits long for them.</summary>
    private const int MaxRows = 2000;

    private const int MaxBytes = 2 * 1024 * 1024;
    private const int RowBytes = 100;

    private readonly List<Row> _records = [];
    private readonly List<StagedNode> _nodes = [];
    private readonly List<(RecordPath Path, IReadOnlyList<BlobRef> Blobs)> _blobs = [];
    private int _bytes;

    public bool IsFull => _records.Count + _nodes.Count >= MaxRows || _bytes >= MaxBytes;

    public override int Weight => _bytes;

    /// <summary>Takes a record.</summary>
    /// <returns>Its content.</returns>
    public DataMap Put(ArchivedRecord record)
    {
        DataMap content = record.DecodeForeign();
        _records.Add(new Row(record.Path.ToString(), record.Cid.ToArray(), content.Cbor, RecordLinks.HashOf(record.Path, content)));
        if (content.FindBlobs() is { Count: > 0 } blobs)
        {
            _blobs.Add((record.Path, blobs));
        }

        _bytes += RowBytes + content.Cbor.Length;
        return content;
    }

    /// <summary>Notes that there is to be no record: a row without a CID.</summary>
    public void Remove(string path)
    {
        _records.Add(new Row(path, [], default, Link: null));
        _bytes += RowBytes;
    }

    public void Put(StagedNode node)
    {
        _nodes.Add(node);
        _bytes += RowBytes + node.Bytes.Length;
    }

    public override void Write(WriteTransaction transaction)
    {
        RepositoryWriter writer = transaction.Part<RepositoryWriter>();
        BlobWriter references = transaction.Part<BlobWriter>();
        foreach (Row row in _records)
        {
            writer.PutRecord(stagingId, row.Path, row.Cid, rev, row.Cbor, row.Link);
        }

        foreach (StagedNode node in _nodes)
        {
            writer.PutNode(stagingId, node.Cid, rev, node.Bytes);
        }

        foreach ((RecordPath path, IReadOnlyList<BlobRef> blobs) in _blobs)
        {
            references.Link(stagingId, path, blobs);
        }
    }

    private readonly record struct Row(string Path, byte[] Cid, ReadOnlyMemory<byte> Cbor, long? Link);
}

/// <summary>A node of the tree on its way into the staging area: all that is kept of it.</summary>
/// <param name="Cid">Its CID.</param>
/// <param name="Bytes">Its bytes.</param>
internal readonly record struct StagedNode(Cid Cid, ReadOnlyMemory<byte> Bytes);

/// <summary>Puts the staged rows in the place of the account's, with what announces that.</summary>
internal sealed class ImportReplacement(long accountId, long stagingId, StoredHead before, Commit after, ImportPolicy policy, DateTimeOffset now)
    : QueuedWrite
{
    private const int AboutManyRows = 16 * 1024 * 1024;

    public override int Weight => AboutManyRows;

    public override void Write(WriteTransaction transaction)
    {
        ImportWriter imports = transaction.Part<ImportWriter>();
        imports.Replace(accountId, stagingId, before, after, now);
        foreach (RepoEvent announcement in policy.Announce(after, imports.IsActive(accountId)))
        {
            transaction.Part<EventWriter>().Append(accountId, announcement);
        }
    }
}

/// <summary>Deletes some of the rows that were staged in vain.</summary>
internal sealed class ImportDiscard(long first, long last) : QueuedWrite
{
    private const int StepRows = 5000;

    public bool IsDone { get; private set; }

    public override int Weight => 0;

    public override void Write(WriteTransaction transaction) => IsDone = transaction.Part<ImportWriter>().Discard(first, last, StepRows) == 0;
}
