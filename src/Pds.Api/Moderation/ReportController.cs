using Microsoft.AspNetCore.Mvc;
using Pds.Api.Proxying;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;
using Pds.Domain.DataModel;

namespace Pds.Api.Moderation;

/// <summary>Reports to moderators, which the service they are for takes in.</summary>
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class ReportController : XrpcController
{
    /// <summary>Passes a report on to the service it is for. Lexicon: <c>com.atproto.moderation.createReport</c>.</summary>
    [HttpPost("com.atproto.moderation.createReport")]
    public async Task<IActionResult> CreateReport(Caller caller, [XrpcBody] DataMap input)
    {
        ServiceForwarder forwarder = HttpContext.RequestServices.GetRequiredService<ServiceForwarder>();
        await forwarder.ForwardReportAsync(HttpContext, caller, Method, input);
        return new EmptyResult();
    }
}
