using System.IO.Pipelines;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories.Car;
using Pds.Domain.Repositories.Mst;

namespace Pds.Domain.Repositories;

/// <summary>A whole repository as a CAR tells it: an export, an import, a backup. Nothing about it is trusted.</summary>
/// <remarks>
/// Opening decodes the commit. The tree is checked while <see cref="ReadRecords"/> walks it, so it is good only when the walk has come to its
/// end. <c>OpenAsync</c> and <see cref="Open"/> keep all blocks in memory; bound them with <see cref="CarLimits.MaxTotalBytes"/>, or keep
/// the blocks elsewhere and come by <see cref="Over"/>. Safe for concurrent use as far as the blocks are.
/// </remarks>
public sealed class RepositoryArchive
{
    private readonly Func<Cid, ReadOnlyMemory<byte>?> _find;

    private RepositoryArchive(IReadOnlyList<Cid> roots, Func<Cid, ReadOnlyMemory<byte>?> find)
    {
        if (roots.Count != 1)
        {
            throw new RepositoryFormatException("The CAR of a repository has exactly one root.");
        }

        Commit = find(roots[0]) is { } commit
            ? Commit.Decode(commit)
            : throw new RepositoryFormatException("The commit is not among the blocks.");
        _find = find;
    }

    /// <summary>The head.</summary>
    public Commit Commit { get; }

    /// <summary>Reads a whole CAR.</summary>
    /// <exception cref="FormatException">Not a CAR, a limit is passed, or its root is not a commit.</exception>
    public static async Task<RepositoryArchive> OpenAsync(CarReader car, CancellationToken cancellationToken)
    {
        var blocks = new Dictionary<Cid, ReadOnlyMemory<byte>>();
        await foreach (Block block in car.ReadBlocksAsync(cancellationToken))
        {
            blocks.TryAdd(block.Cid, block.Bytes);
        }

        return new RepositoryArchive(car.Roots, In(blocks));
    }

    /// <summary>Reads a whole CAR from a stream, which stays open.</summary>
    /// <exception cref="FormatException">Not a CAR, a limit is passed, or its root is not a commit.</exception>
    public static async Task<RepositoryArchive> OpenAsync(Stream car, CarLimits limits, CancellationToken cancellationToken)
    {
        var input = PipeReader.Create(car, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            return await OpenAsync(await CarReader.OpenAsync(input, limits, cancellationToken), cancellationToken);
        }
        finally
        {
            await input.CompleteAsync();
        }
    }

    /// <summary>Reads a CAR that is in memory; the blocks are slices of it.</summary>
    /// <exception cref="FormatException">Not a CAR, or its root is not a commit.</exception>
    public static RepositoryArchive Open(ReadOnlyMemory<byte> car)
    {
        (IReadOnlyList<Cid> roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(car);
        return new RepositoryArchive(roots, In(blocks));
    }

    /// <summary>Opens an archive whose blocks somebody else keeps.</summary>
    /// <param name="roots">The roots that the CAR named.</param>
    /// <param name="find">Gives a block whose hash is known to be right, or <see langword="null"/>; memory that nobody changes afterwards.</param>
    /// <exception cref="FormatException">There is not one root, or it is no commit.</exception>
    public static RepositoryArchive Over(IReadOnlyList<Cid> roots, Func<Cid, ReadOnlyMemory<byte>?> find) => new(roots, find);

    /// <summary>Walks the tree and checks that it is the one tree these records can have.</summary>
    /// <returns>The records in ascending order of their paths.</returns>
    /// <exception cref="RepositoryFormatException">
    /// While walking: a node is missing, malformed or not where it belongs, or a path is not <c>collection/rkey</c>.
    /// </exception>
    public IEnumerable<ArchivedRecord> ReadRecords()
    {
        using IEnumerator<MstEntry> entries = MstVerifier.Verify(Commit.Data, new BlockNodes(_find)).GetEnumerator();
        while (Next(entries) is { } entry)
        {
            yield return RecordPath.TryParse(entry.Path, out RecordPath path)
                ? new ArchivedRecord(path, entry.Value, _find(entry.Value))
                : throw new RepositoryFormatException($"The tree has the key {entry.Path}, which is not a record's.");
        }
    }

    /// <summary>Checks everything there is to check: owner, signature, tree, and that every record is there and is one.</summary>
    /// <returns>How many records there are.</returns>
    /// <exception cref="RepositoryFormatException">Something is not as it must be.</exception>
    public int Verify(Did did, PublicKey key, IVerifier verifier)
    {
        if (Commit.Did != did)
        {
            throw new RepositoryFormatException("The commit is that of another repository.");
        }

        if (!Commit.HasSignatureOf(key, verifier))
        {
            throw new RepositoryFormatException("The commit is not signed with the key of the account.");
        }

        int count = 0;
        foreach (ArchivedRecord record in ReadRecords())
        {
            record.Decode();
            count++;
        }

        return count;
    }

    private static Func<Cid, ReadOnlyMemory<byte>?> In(IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) =>
        cid => blocks.TryGetValue(cid, out ReadOnlyMemory<byte> block) ? block : (ReadOnlyMemory<byte>?)null;

    private static MstEntry? Next(IEnumerator<MstEntry> entries)
    {
        try
        {
            return entries.MoveNext() ? entries.Current : null;
        }
        catch (MissingBlockException e)
        {
            throw new RepositoryFormatException($"The tree node {e.Cid} is missing.", e);
        }
        catch (FormatException e)
        {
            throw new RepositoryFormatException(e.Message, e);
        }
    }
}

/// <summary>A record within an archive.</summary>
/// <param name="Path">Collection and key.</param>
/// <param name="Cid">The CID the tree gives.</param>
/// <param name="Cbor">The block; <see langword="null"/> when the archive lacks it.</param>
public readonly record struct ArchivedRecord(RecordPath Path, Cid Cid, ReadOnlyMemory<byte>? Cbor)
{
    /// <summary>The content as it may come from another server: no lexicon and no shape is asked for.</summary>
    /// <exception cref="RepositoryFormatException">The block is missing, or is not a map of the data model in its canonical encoding.</exception>
    public DataMap DecodeForeign()
    {
        if (Cbor is not { } cbor || Cid.Codec != CidCodec.DagCbor)
        {
            throw new RepositoryFormatException(Fault);
        }

        try
        {
            return DataMap.FromForeignCbor(cbor);
        }
        catch (DagCborException e)
        {
            throw new RepositoryFormatException(Fault, e);
        }
    }

    /// <summary>The content.</summary>
    /// <exception cref="RepositoryFormatException">The block is missing, or is not a record: a map with a <c>$type</c>.</exception>
    public DataMap Decode()
    {
        try
        {
            if (Cbor is { } cbor && DataMap.FromCbor(cbor) is { Type: not null } record)
            {
                return record;
            }
        }
        catch (FormatException e)
        {
            throw new RepositoryFormatException(Fault, e);
        }

        throw new RepositoryFormatException(Fault);
    }

    private string Fault => $"Could not parse record at '{Path}'";
}
