using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Pds.Api.RateLimits;
using Pds.Api.Sync;
using Pds.Application.Accounts;
using Pds.Application.Blobs;
using Pds.Application.Sync;

namespace Pds.Api.Pages.Account;

/// <summary>Takes the data out.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
internal sealed class AccountExportController(IMediator mediator, IServiceProvider services) : AccountPageController(mediator, services)
{
    /// <summary>Shows what there is.</summary>
    [HttpGet(AccountNavigation.Export)]
    public Task<IActionResult> Open(CancellationToken cancellationToken) => VisitAsync(
        async visit => Page<ExportPage>(new ExportModel
        {
            Account = visit.Account,
            Hidden = visit.Hidden,
            Overview = await Mediator.Send(new GetAccountOverviewQuery(visit.Caller), cancellationToken),
        }),
        isSensitive: false,
        cancellationToken);

    /// <summary>All records, as an archive that other servers take in.</summary>
    [HttpGet(AccountNavigation.Export + "/repository.car")]
    [Capacity(CapacityKind.Exports)]
    public Task<IActionResult> Repository(CancellationToken cancellationToken) => VisitAsync(
        async visit =>
        {
            CarExport archive = await Mediator.Send(new GetRepoQuery(visit.Account.Did, Since: null, visit.Caller), cancellationToken);
            Offer($"{visit.Account.Name}.car");
            return new CarResult(archive);
        },
        isSensitive: false,
        cancellationToken);

    /// <summary>All files.</summary>
    [HttpGet(AccountNavigation.Export + "/files.zip")]
    [Capacity(CapacityKind.Exports)]
    public Task<IActionResult> Files(CancellationToken cancellationToken) => VisitAsync(
        async visit =>
        {
            ExportBlobsOutput files = await Mediator.Send(new ExportBlobsQuery(visit.Caller), cancellationToken);
            Offer($"{visit.Account.Name}.zip");
            return new BlobArchiveResult(files);
        },
        isSensitive: false,
        cancellationToken);

    private void Offer(string name)
    {
        ContentDispositionHeaderValue disposition = new("attachment");
        disposition.SetHttpFileName(name);
        Response.Headers.ContentDisposition = disposition.ToString();
        Response.Headers.CacheControl = "no-store";
        Response.Headers.XContentTypeOptions = "nosniff";
        Response.Headers.Remove("Access-Control-Allow-Origin");
    }
}
