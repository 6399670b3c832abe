using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;

namespace DomainAlone;

/// <summary>Whole repositories in CAR files: what <c>com.atproto.sync.getRepo</c> answers.</summary>
public static class Archives
{
    /// <summary>Verifies a repository against its owner's DID document, and gives the records of a collection.</summary>
    public static async Task<IReadOnlyList<DataMap>> VerifyAsync(Stream car, DidDocument owner, Nsid collection, IVerifier verifier, CancellationToken cancellationToken)
    {
        PublicKey key = owner.SigningKey ?? throw new FormatException("The DID document has no signing key.");
        var limits = new CarLimits { MaxTotalBytes = 200_000_000 };       // all blocks are kept in memory
        RepositoryArchive archive = await RepositoryArchive.OpenAsync(car, limits, cancellationToken);

        int count = archive.Verify(owner.Did, key, verifier);             // signature, hashes, tree, every record
        Console.WriteLine($"{owner.Did} has {count} records as of {archive.Commit.Rev}.");

        return [.. archive.ReadRecords().Where(record => record.Path.Collection == collection).Select(record => record.Decode())];
    }

    /// <summary>Writes records as a repository that any consumer can verify.</summary>
    public static async Task<Commit> WriteAsync(Stream car, Did did, IReadOnlyDictionary<RecordPath, DataMap> records, ISigner signer, CancellationToken cancellationToken)
    {
        var clock = new TidClock(TimeProvider.System, clockId: Random.Shared.Next(Tid.MaxClockId + 1));
        return await ArchiveWriter.WriteAsync(car, did, records, clock.Next(), signer, cancellationToken);
    }
}
