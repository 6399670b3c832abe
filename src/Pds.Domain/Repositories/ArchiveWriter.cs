using System.IO.Pipelines;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories.Car;
using Pds.Domain.Repositories.Mst;

namespace Pds.Domain.Repositories;

/// <summary>Writes a whole repository as a CAR, in the order of <c>com.atproto.sync.getRepo</c>; <see cref="RepositoryArchive"/> reads it.</summary>
/// <remarks>
/// The commit, then the tree in pre-order with each record where it occurs, so that a consumer can verify as it reads.
/// <para>Source: <see href="https://atproto.com/specs/repository#car-file-serialization"/></para>
/// </remarks>
public static class ArchiveWriter
{
    private const int FlushBytes = 64 * 1024;

    /// <summary>Makes a repository of records, signs it and writes it. The records are held in memory until they are written.</summary>
    /// <param name="output">Where to; is flushed and not completed.</param>
    /// <param name="did">The DID of the account.</param>
    /// <param name="records">The records in any order, no path twice.</param>
    /// <param name="rev">The revision; greater than any that this repository had before.</param>
    /// <param name="signer">Signs with the account's current key.</param>
    /// <param name="cancellationToken">Stops in the middle.</param>
    /// <returns>The commit that was written.</returns>
    /// <exception cref="ArgumentException">A path is given twice.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the reader went away.</exception>
    public static async Task<Commit> WriteAsync(
        PipeWriter output, Did did, IEnumerable<KeyValuePair<RecordPath, DataMap>> records, Tid rev, ISigner signer, CancellationToken cancellationToken)
    {
        KeyValuePair<RecordPath, DataMap>[] sorted = [.. records];
        Array.Sort(sorted, static (left, right) => left.Key.CompareTo(right.Key));
        MstTree tree = MstTree.Build(sorted.Select(record => new MstEntry(record.Key.ToString(), record.Value.Cid)), rev);
        Commit commit = Commit.Sign(did, tree.Root, rev, signer);
        await WriteAsync(output, commit, tree, sorted.Select(record => new Block(record.Value.Cid, record.Value.Cbor)), cancellationToken);
        return commit;
    }

    /// <summary>As <see cref="WriteAsync(PipeWriter, Did, IEnumerable{KeyValuePair{RecordPath, DataMap}}, Tid, ISigner, CancellationToken)"/>, to a stream, which stays open.</summary>
    public static async Task<Commit> WriteAsync(
        Stream output, Did did, IEnumerable<KeyValuePair<RecordPath, DataMap>> records, Tid rev, ISigner signer, CancellationToken cancellationToken)
    {
        var writer = PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true));
        Commit commit = await WriteAsync(writer, did, records, rev, signer, cancellationToken);
        await writer.CompleteAsync();
        return commit;
    }

    /// <summary>Writes a repository that is signed already, in memory that does not grow with it.</summary>
    /// <param name="output">Where to; is flushed and not completed.</param>
    /// <param name="commit">The head.</param>
    /// <param name="tree">The tree of the head, sealed.</param>
    /// <param name="records">The records, in ascending order of their paths; content that two paths share is given for each.</param>
    /// <param name="cancellationToken">Stops in the middle.</param>
    /// <exception cref="ArgumentException">The tree is not the commit's.</exception>
    /// <exception cref="InvalidOperationException">A record is missing, or is not the tree's.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the reader went away.</exception>
    public static async Task WriteAsync(PipeWriter output, Commit commit, MstTree tree, IEnumerable<Block> records, CancellationToken cancellationToken)
    {
        CarWriter.WriteHeader(output, [commit.Cid]);
        long unflushed = 0;
        foreach (Block block in Blocks(commit, tree, records))
        {
            CarWriter.WriteBlock(output, block.Cid, block.Bytes.Span);
            unflushed += CarWriter.MeasureBlock(block.Bytes.Length);
            if (unflushed >= FlushBytes)
            {
                unflushed = 0;
                await FlushAsync(output, cancellationToken);
            }
        }

        await FlushAsync(output, cancellationToken);
    }

    /// <summary>The blocks of an archive in their order, made while they are taken.</summary>
    /// <inheritdoc cref="WriteAsync(PipeWriter, Commit, MstTree, IEnumerable{Block}, CancellationToken)"/>
    public static IEnumerable<Block> Blocks(Commit commit, MstTree tree, IEnumerable<Block> records) =>
        tree.Root == commit.Data ? InOrder(commit, tree, records) : throw new ArgumentException("The tree is not the commit's.", nameof(tree));

    private static IEnumerable<Block> InOrder(Commit commit, MstTree tree, IEnumerable<Block> records)
    {
        yield return new Block(commit.Cid, commit.Bytes);
        using IEnumerator<Block> next = records.GetEnumerator();
        foreach (MstStep step in tree.WalkPreOrder())
        {
            if (step.Node is { } node)
            {
                yield return new Block(node.Cid, node.Bytes);
            }
            else if (step.Entry is { } entry)
            {
                // Pre-order meets the records in ascending order, as they are given: two scans, merged.
                yield return next.MoveNext() && next.Current.Cid == entry.Value
                    ? next.Current
                    : throw new InvalidOperationException($"Tree and records of {commit.Did} differ at {entry.Path}.");
            }
        }
    }

    private static async ValueTask FlushAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        FlushResult result = await output.FlushAsync(cancellationToken);
        if (result.IsCompleted || result.IsCanceled)
        {
            throw new OperationCanceledException("The reader went away.");
        }
    }
}
