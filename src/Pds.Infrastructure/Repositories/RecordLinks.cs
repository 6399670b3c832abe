using System.Text;
using Pds.Application.Repositories;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Infrastructure.Repositories;

/// <summary>Looks through the collection inside the database: only follows, blocks, likes and reposts ask, so no write has to keep an index.</summary>
internal sealed class RecordLinks(ReaderPool readers, RepositoryLanes lanes) : IRecordLinks
{
    /// <summary>The character after <c>/</c>: the end, exclusive, of the paths of a collection.</summary>
    private const char AfterSlash = (char)('/' + 1);

    public async ValueTask<IReadOnlyList<RecordPath>> FindAsync(Did did, Nsid collection, string link, CancellationToken cancellationToken)
    {
        if (lanes.Find(did) is not { } lane)
        {
            return [];
        }

        await lane.WaitForEarlierAsync();
        using ReaderLease lease = readers.Rent();
        IReadOnlyList<StoredRecord> candidates = lease.Reader.ListRecordsContaining(
            lane.AccountId, $"{collection}/", $"{collection}{AfterSlash}", Encoding.UTF8.GetBytes(link));
        return [.. candidates.Where(record => RecordLink.Of(collection, record.Record) == link).Select(record => record.Path)];
    }
}
