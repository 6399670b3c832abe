using Microsoft.AspNetCore.Mvc.Filters;
using Pds.Application.Repositories;
using Pds.Domain.Errors;

namespace Pds.Api.RateLimits;

/// <summary>Bounds the writes that are under way, right before they are carried out: nothing that was begun is given up, and nothing acknowledged is lost.</summary>
internal sealed class WriteCapacityFilter : IAsyncActionFilter
{
    /// <summary>Bytes of records that take one place, so that large writes fill it as fast as many small ones.</summary>
    internal const int BytesPerPlace = 16 * 1024;

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        HttpContext http = context.HttpContext;
        CapacityGate gate = http.RequestServices.GetRequiredService<Capacity>().Writes;
        CapacityCaller caller = CapacityPass.Of(http)?.Caller ?? default;
        int weight = 1 + (BytesOf(context.ActionArguments.Values) / BytesPerPlace);
        if (!await gate.EnterAsync(caller, weight, http.RequestAborted))
        {
            throw new XrpcException(RequestErrors.NotEnoughResources, Capacity.Full.Message);
        }

        try
        {
            await next();
        }
        finally
        {
            gate.Leave(caller, weight);
        }
    }

    private static int BytesOf(IEnumerable<object?> arguments)
    {
        foreach (object? argument in arguments)
        {
            switch (argument)
            {
                case CreateRecordInput create:
                    return create.Record.Cbor.Length;
                case PutRecordInput put:
                    return put.Record.Cbor.Length;
                case ApplyWritesInput batch:
                    return batch.Writes.Sum(write => write.Value?.Cbor.Length ?? 0);
            }
        }

        return 0;
    }
}
