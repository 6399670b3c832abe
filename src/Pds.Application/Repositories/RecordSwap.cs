using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>The rule of <c>swapRecord</c>.</summary>
internal static class RecordSwap
{
    /// <summary>Refuses when a version was named and is not the current one.</summary>
    public static void Require(Cid? expected, Cid? current)
    {
        if (expected is not null && expected != current)
        {
            throw Refusal(current);
        }
    }

    public static XrpcException Refusal(Cid? current) =>
        new(RepositoryErrors.InvalidSwap, $"Record was at {current?.ToString() ?? "null"}");
}
