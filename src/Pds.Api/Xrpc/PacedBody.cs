using Pds.Application.Capacity;
using Pds.Domain.Errors;

namespace Pds.Api.Xrpc;

/// <summary>A request body that must come at a least pace, whatever server it comes through.</summary>
/// <param name="source">The body; not disposed of.</param>
/// <param name="bytesPerSecond">The least pace; 0 for none.</param>
/// <param name="time">Measures it.</param>
/// <param name="client">Cancelled when the client is gone.</param>
internal sealed class PacedBody(Stream source, int bytesPerSecond, TimeProvider time, CancellationToken client)
    : PacedStream(source, bytesPerSecond, new Deadline(time, client), time)
{
    protected override Exception TooSlow() => new XrpcException(RequestErrors.RequestTimeout, "The request body came too slowly.");
}
