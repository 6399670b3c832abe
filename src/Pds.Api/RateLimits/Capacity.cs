using System.Diagnostics.Metrics;
using Pds.Api.Xrpc;
using Pds.Application.DependencyInjection;
using Pds.Domain.Errors;

namespace Pds.Api.RateLimits;

/// <summary>How much this server takes on at once. Beyond that it answers 503 right away and so stays within its memory, whatever comes in.</summary>
/// <remarks>
/// Work that waits for others (uploads, exports, other services) has bounds of its own below that of all requests, so that it never keeps reads and
/// writes out. Event streams are bounded by <see cref="Sync.SubscriberGate"/> instead, password hashes where they are computed; health checks by nothing.
/// </remarks>
internal sealed class Capacity : IDisposable
{
    /// <summary>Seconds that whoever was refused is asked to wait.</summary>
    public const int RetryAfterSeconds = 2;

    private const string MeterName = "Pds";

    /// <summary>The refusal.</summary>
    public static readonly XrpcFault Full = XrpcFault.Of(RequestErrors.NotEnoughResources, "The server is busy. Try again in a moment.");

    private static readonly HashSet<string> ExportMethods =
        new(["com.atproto.sync.getRepo", "com.atproto.sync.getCheckout"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> UploadMethods =
        new(["com.atproto.repo.uploadBlob", "com.atproto.repo.importRepo"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> WriteMethods =
        new(
            ["com.atproto.repo.createRecord", "com.atproto.repo.putRecord", "com.atproto.repo.deleteRecord", "com.atproto.repo.applyWrites"],
            StringComparer.OrdinalIgnoreCase);

    private readonly CapacityGate _requests;
    private readonly CapacityGate _exports;
    private readonly CapacityGate _uploads;

    public Capacity(PdsOptions options, IMeterFactory meters, TimeProvider time)
    {
        Counter<long> refusals = meters.Create(MeterName)
            .CreateCounter<long>("pds.capacity.refusals", "{request}", "Requests refused because too many were under way.");
        CapacityGate Gate(string name, int limit, int queue = 0) => new(name, limit, queue, refusals, time);
        _requests = Gate("requests", options.MaxConcurrentRequests);
        Writes = Gate("writes", options.MaxConcurrentWrites, options.MaxWaitingWrites);
        Forwards = Gate("forwards", options.MaxConcurrentForwards);
        _uploads = Gate("uploads", options.MaxConcurrentUploads);
        _exports = Gate("exports", options.MaxConcurrentExports);
    }

    /// <summary>Writes of records, by size; entered once the body is there, so that slow senders take no place.</summary>
    public CapacityGate Writes { get; }

    /// <summary>Requests that other services answer.</summary>
    public CapacityGate Forwards { get; }

    /// <summary>Whether a method writes records, and needs a place in <see cref="Writes"/>.</summary>
    public static bool IsWrite(string nsid) => WriteMethods.Contains(nsid);

    /// <summary>Bounds an endpoint: a request is refused before anything of it is read.</summary>
    /// <param name="inner">What answers.</param>
    /// <param name="nsid">The XRPC method it serves; <see langword="null"/> for anything else.</param>
    public RequestDelegate Around(RequestDelegate inner, string? nsid)
    {
        RequestDelegate special = SpecialOf(nsid) is { } gate ? context => gate.PassAsync(context, inner) : inner;
        return nsid is not null && IsWrite(nsid)
            ? context => Writes.HasRoom() ? _requests.PassAsync(context, special) : Full.WriteAsync(context)
            : context => _requests.PassAsync(context, special);
    }

    public void Dispose()
    {
        _requests.Dispose();
        Writes.Dispose();
        Forwards.Dispose();
        _uploads.Dispose();
        _exports.Dispose();
    }

    private CapacityGate? SpecialOf(string? nsid) =>
        nsid is null ? null
        : UploadMethods.Contains(nsid) ? _uploads
        : ExportMethods.Contains(nsid) ? _exports
        : null;
}
