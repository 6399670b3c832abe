using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories.Car;
using Pds.Domain.Repositories.Mst;

namespace Pds.Domain.Repositories;

/// <summary>A consumer's check of what <c>com.atproto.sync.getRecord</c> answers, with nothing at hand but the answer and the account's key.</summary>
/// <remarks>Source: <see href="https://atproto.com/specs/repository#car-file-serialization"/></remarks>
public static class RecordProof
{
    /// <summary>Checks commit, signature, the way through the tree and the record.</summary>
    /// <param name="car">The answer.</param>
    /// <param name="did">Whose repository it must be of.</param>
    /// <param name="path">Where the record is asked for.</param>
    /// <param name="key">The account's signing key.</param>
    /// <param name="verifier">Checks signatures.</param>
    /// <returns>The record.</returns>
    /// <exception cref="FormatException">Something is not as it must be, or the proof is that there is no such record.</exception>
    public static DataMap Verify(ReadOnlyMemory<byte> car, Did did, RecordPath path, PublicKey key, IVerifier verifier)
    {
        (IReadOnlyList<Cid> roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(car);
        if (roots is not [Cid root] || !blocks.TryGetValue(root, out ReadOnlyMemory<byte> bytes))
        {
            throw new RepositoryFormatException("The proof has not exactly one commit.");
        }

        var commit = Commit.Decode(bytes);
        if (commit.Did != did)
        {
            throw new RepositoryFormatException("The commit is that of another repository.");
        }

        if (!commit.HasSignatureOf(key, verifier))
        {
            throw new RepositoryFormatException("The commit is not signed with the key of the account.");
        }

        return Find(commit, path, blocks) is { } cid && blocks.TryGetValue(cid, out ReadOnlyMemory<byte> record)
            ? DataMap.FromForeignCbor(record)
            : throw new RepositoryFormatException("The record is not in the repository, or not in the proof.");
    }

    private static Cid? Find(Commit commit, RecordPath path, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks)
    {
        try
        {
            return MstTree.Load(commit.Data, new BlockNodes(cid => blocks.TryGetValue(cid, out ReadOnlyMemory<byte> bytes) ? bytes : null)).TryGet(path.ToString(), out Cid found) ? found : null;
        }
        catch (MissingBlockException e)
        {
            throw new RepositoryFormatException("The proof lacks a node of the tree.", e);
        }
    }
}
