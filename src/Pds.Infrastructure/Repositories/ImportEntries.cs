using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Domain.Identifiers;
using Pds.Domain.Sync;

namespace Pds.Infrastructure.Repositories;

/// <summary>Some of the rows of an import, on their way into the staging area.</summary>
internal sealed class ImportChunk(long stagingId, Tid rev) : LogEntry
{
    /// <summary>So many rows that no other write waits long for them.</summary>
    private const int MaxRows = 2000;

    private const int MaxBytes = 2 * 1024 * 1024;
    private const int RowBytes = 100;

    private readonly List<(RecordPath Path, byte[] Cid, DataMap Record)> _records = [];
    private readonly List<string> _absent = [];
    private readonly List<MstNode> _nodes = [];
    private int _bytes;

    public bool IsFull => _records.Count + _absent.Count + _nodes.Count >= MaxRows || _bytes >= MaxBytes;

    public override int Weight => _bytes;

    public void Put(ArchivedRecord record)
    {
        DataMap content = record.DecodeForeign();
        _records.Add((record.Path, record.Cid.ToArray(), content));
        _bytes += RowBytes + content.Cbor.Length;
    }

    /// <summary>Notes that there is to be no record: a row without a CID.</summary>
    public void Remove(string path)
    {
        _absent.Add(path);
        _bytes += RowBytes;
    }

    public void Put(MstNode node)
    {
        _nodes.Add(node);
        _bytes += RowBytes + node.Bytes.Length;
    }

    public override void Write(CommitWriter writer)
    {
        foreach ((RecordPath path, byte[] cid, DataMap record) in _records)
        {
            writer.PutRecord(stagingId, path, cid, rev, record);
            writer.Blobs.Link(stagingId, path, record.FindBlobs());
        }

        foreach (string path in _absent)
        {
            writer.PutAbsence(stagingId, path, rev);
        }

        foreach (MstNode node in _nodes)
        {
            writer.PutNode(stagingId, node);
        }
    }
}

/// <summary>Puts the staged rows in the place of the account's and says so, if the account has consumers.</summary>
internal sealed class ImportReplacement(long accountId, long stagingId, Commit before, Commit after) : LogEntry
{
    private const int AboutManyRows = 16 * 1024 * 1024;

    public override int Weight => AboutManyRows;

    public override void Write(CommitWriter writer)
    {
        writer.Imports.Replace(accountId, stagingId, before, after);
        if (writer.Imports.IsActive(accountId))
        {
            writer.AppendEvent(accountId, new SyncEvent(after));
        }
    }
}

/// <summary>Deletes some of the rows that were staged in vain.</summary>
internal sealed class ImportDiscard(long first, long last) : LogEntry
{
    private const int StepRows = 5000;

    public bool IsDone { get; private set; }

    public override int Weight => 0;

    public override void Write(CommitWriter writer) => IsDone = writer.Imports.Discard(first, last, StepRows) == 0;
}
