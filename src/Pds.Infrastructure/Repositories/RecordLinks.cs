using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>Finds follows, blocks, likes and reposts by what they point at, through an index that only such records are in.</summary>
internal sealed class RecordLinks(ReadPool readers, RepositoryLanes lanes) : IRecordLinks
{
    public async ValueTask<IReadOnlyList<RecordPath>> FindAsync(Did did, Nsid collection, string link, CancellationToken cancellationToken)
    {
        if (lanes.Find(did) is not { } lane)
        {
            return [];
        }

        await lane.WaitForEarlierAsync();
        using ReadLease lease = readers.Rent();
        return
        [
            .. lease.Part<RepositoryReader>().ListRecordsLinked(lane.AccountId, HashOf(link))
                .Where(record => record.Path.Collection == collection && RecordLink.Of(collection, record.Record) == link)
                .Select(record => record.Path),
        ];
    }

    /// <summary>What the index holds of a record: the first eight bytes of the SHA-256 of its link, or null when it has none.</summary>
    public static long? HashOf(RecordPath path, DataMap record) =>
        RecordLink.Of(path.Collection, record) is { } link ? HashOf(link) : null;

    private static long HashOf(string link) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(link)));
}
