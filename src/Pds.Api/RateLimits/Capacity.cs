using System.Diagnostics.Metrics;
using Pds.Api.Xrpc;
using Pds.Application.Settings;
using Pds.Domain.Errors;

namespace Pds.Api.RateLimits;

/// <summary>How much this server takes on at once. Beyond that it answers 503 right away and so stays within its memory, whatever comes in.</summary>
/// <remarks>
/// Work that waits for others (uploads, exports, other services) has bounds of its own below that of all requests, so that it never keeps reads and
/// writes out. Of every gate one account and one network get a share only. Event streams are bounded by <see cref="Sync.SubscriberGate"/> instead,
/// health checks by nothing.
/// </remarks>
internal sealed class Capacity
{
    private const string MeterName = "Pds";

    /// <summary>The refusal.</summary>
    public static readonly XrpcFault Full = XrpcFault.Of(RequestErrors.NotEnoughResources, "The server is busy. Try again in a moment.");

    private readonly CapacityGate _requests;
    private readonly CapacityGate _exports;
    private readonly CapacityGate _uploads;
    private readonly CapacityGate _clients;
    private readonly ClientNetworks _networks;
    private readonly BodyTimes _times;

    public Capacity(CapacitySettings options, ClientNetworks networks, BodyTimes times, IMeterFactory meters, TimeProvider time)
    {
        Counter<long> refusals = meters.Create(MeterName)
            .CreateCounter<long>("pds.capacity.refusals", "{request}", "Requests refused because too many were under way.");
        CapacityGate Gate(string name, int limit, int queue = 0) => new(new CapacityBounds(name, limit, queue, options.MaxSharePercent), refusals, time);
        _requests = Gate("requests", options.MaxConcurrentRequests);
        Writes = Gate("writes", options.MaxConcurrentWrites, options.MaxWaitingWrites);
        Forwards = Gate("forwards", options.MaxConcurrentForwards);
        _uploads = Gate("uploads", options.MaxConcurrentUploads);
        _exports = Gate("exports", options.MaxConcurrentExports);

        // Those that are computed, and those that wait for that; the hasher queues them.
        Passwords = Gate("passwords", (int)Math.Min((long)Environment.ProcessorCount + options.MaxWaitingPasswords, int.MaxValue));
        _clients = Gate("clients", options.MaxConcurrentClientCalls);
        _networks = networks;
        _times = times;
    }

    /// <summary>Writes of records, by size; entered once the body is there, so that slow senders take no place.</summary>
    public CapacityGate Writes { get; }

    /// <summary>Requests that other services answer.</summary>
    public CapacityGate Forwards { get; }

    /// <summary>Requests that hash passwords.</summary>
    public CapacityGate Passwords { get; }

    /// <summary>Bounds an endpoint: a request is refused before anything of it is read.</summary>
    /// <param name="inner">What answers.</param>
    /// <param name="kind">What it takes much of; <see langword="null"/> for nothing in particular.</param>
    public RequestDelegate Around(RequestDelegate inner, CapacityKind? kind)
    {
        CapacityGate? special = GateOf(kind);
        RequestDelegate timed = kind is CapacityKind.Uploads or CapacityKind.Exports or CapacityKind.Forwards ? context => _times.RunAsync(context, inner) : inner;
        return async context =>
        {
            if (kind == CapacityKind.Writes && !Writes.HasRoom())
            {
                await Full.WriteAsync(context);
                return;
            }

            using CapacityPass pass = new(_networks.Find(context.Connection.RemoteIpAddress));
            if (!pass.TryEnter(_requests) || (special is not null && !pass.TryEnter(special)))
            {
                await Full.WriteAsync(context);
                return;
            }

            context.Features.Set(pass);
            await timed(context);
        };
    }

    /// <summary>Answers by another service, within the gate for that and a time of its own.</summary>
    public async Task ForwardAsync(HttpContext context, Func<HttpContext, Task> call)
    {
        if (CapacityPass.Of(context)?.TryEnter(Forwards) is false)
        {
            await Full.WriteAsync(context);
            return;
        }

        await _times.RunAsync(context, new RequestDelegate(call));
    }

    private CapacityGate? GateOf(CapacityKind? kind) => kind switch
    {
        CapacityKind.Uploads => _uploads,
        CapacityKind.Exports => _exports,
        CapacityKind.Clients => _clients,
        CapacityKind.Forwards => Forwards,
        _ => null,    // entered once the body is there
    };
}
