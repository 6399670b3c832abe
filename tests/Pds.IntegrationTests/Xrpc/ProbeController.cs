using Microsoft.AspNetCore.Mvc;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.IntegrationTests.Xrpc;

/// <summary>Methods that tell what arrived, so that the rules of XRPC can be seen without any feature. Also: how a host adds methods of its own.</summary>
public sealed class ProbeController : XrpcController
{
    [HttpGet("com.example.probe.query")]
    public IActionResult Query(Did? did, string? text, bool? flag, [FromQuery] IReadOnlyList<Nsid>? names, [XrpcRange(1, 100)] int limit = 50, bool reverse = true) =>
        Output(new { did, text, flag, names, limit, reverse });

    [HttpGet("com.example.probe.required")]
    public IActionResult Required(AtIdentifier repo, string text, Caller caller) => Output(new { repo, text, caller = caller.GetType().Name });

    [HttpPost("com.example.probe.procedure")]
    public IActionResult Procedure(Caller caller, [XrpcBody] ProbeInput input) => Output(new { caller = caller.GetType().Name, input });

    [HttpPost("com.example.probe.open")]
    public IActionResult Open([XrpcBody] ProbeInput input) => Output(input);

    [HttpPost("com.example.probe.bare")]
    [XrpcNoStore]
    public IActionResult Bare() => Output(null);

    [HttpPost("com.example.probe.upload")]
    public async Task<IActionResult> Upload([XrpcBody(ContentType = "*/*", MaxBytes = 1000)] Stream body, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[256];
        int total = 0;
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            total += read;
        }

        return Output(new { total, type = Request.ContentType });
    }

    [HttpGet("com.example.probe.fault")]
    public IActionResult Fault() => throw new InvalidOperationException("a secret of ours");

    [HttpGet("com.example.probe.unwritable")]
    public IActionResult Unwritable() => Output(new UnwritableOutput());

    [HttpGet("com.example.probe.refuse")]
    public IActionResult Refuse(string kind) =>
        throw new XrpcException(new XrpcError("ProbeRefused", Enum.Parse<XrpcErrorKind>(kind)), "No.");

    public sealed record ProbeInput
    {
        public required Handle Handle { get; init; }

        public Did? Did { get; init; }

        public string? Text { get; init; }

        public int? Count { get; init; }
    }

    public sealed record UnwritableOutput
    {
        public string Name => throw new InvalidOperationException("a secret of ours");
    }
}
