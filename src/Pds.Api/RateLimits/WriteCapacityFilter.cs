using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Mvc.Filters;
using Pds.Application.Repositories;

namespace Pds.Api.RateLimits;

/// <summary>Bounds the writes that are under way, right before they are carried out: nothing that was begun is given up, and nothing acknowledged is lost.</summary>
internal sealed class WriteCapacityFilter : IAsyncActionFilter
{
    /// <summary>Bytes of records that take one place, so that large writes fill it as fast as many small ones.</summary>
    internal const int BytesPerPlace = 16 * 1024;

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        CapacityGate gate = context.HttpContext.RequestServices.GetRequiredService<Capacity>().Writes;
        int weight = 1 + (BytesOf(context.ActionArguments.Values) / BytesPerPlace);
        using RateLimitLease place = await gate.EnterAsync(weight, context.HttpContext.RequestAborted);
        if (place.IsAcquired)
        {
            await next();
        }
        else
        {
            context.Result = Capacity.Full.ToResult(context.HttpContext);
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
