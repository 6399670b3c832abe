using System.Runtime.CompilerServices;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Application.Blobs;

/// <summary>Gives the caller all of its files.</summary>
public sealed record ExportBlobsQuery(Caller Caller) : IQuery<ExportBlobsOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full;
}

/// <summary>The files, found while they are read: memory use does not depend on their number.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Index">Knows which there are.</param>
/// <param name="Store">Where their bytes are.</param>
public sealed record ExportBlobsOutput(Did Did, IBlobIndex Index, IBlobStore Store)
{
    private const int PageSize = 500;

    /// <summary>Every file that a record refers to and that is here, in bytewise order of their CIDs.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<ServedBlob> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<Cid> page = await Index.ListReferencedAsync(Did, since: null, after: null, PageSize, cancellationToken);
        while (page.Count > 0)
        {
            foreach (Cid cid in page)
            {
                if (await Index.FindAsync(Did, cid, cancellationToken) is { IsServed: true } entry)
                {
                    yield return new ServedBlob(Did, entry, Store);
                }
            }

            page = await Index.ListReferencedAsync(Did, since: null, page[^1], PageSize, cancellationToken);
        }
    }
}

internal sealed class ExportBlobsHandler(IBlobIndex index, IBlobStore store) : IRequestHandler<ExportBlobsQuery, ExportBlobsOutput>
{
    public Task<ExportBlobsOutput> Handle(ExportBlobsQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(new ExportBlobsOutput(query.Caller.Account!.Value, index, store));
}
