using Pds.Infrastructure.Repositories;

namespace Pds.Infrastructure.Persistence;

/// <summary>A change of service tables that nobody else hears of. It takes the single writer's turn, so it never waits for SQLite's write lock.</summary>
/// <typeparam name="TResult">What the change finds out on its way.</typeparam>
internal sealed class ServiceWrite<TResult>(Func<PdsDbContext, TResult> change) : QueuedWrite
{
    private const int AboutOneRow = 256;

    /// <summary>Set once the entry was written.</summary>
    public TResult? Result { get; private set; }

    public override int Weight => AboutOneRow;

    public override void Write(CommitWriter writer)
    {
        Result = change(writer.Context);
        writer.Context.SaveChanges();
    }
}

/// <summary>Short forms of appending.</summary>
internal static class ServiceWrites
{
    /// <summary>Changes service tables in one transaction.</summary>
    /// <returns>What the change found out, once it is durable.</returns>
    public static async Task<TResult> WriteAsync<TResult>(this WriteQueue queue, Func<PdsDbContext, TResult> change)
    {
        var entry = new ServiceWrite<TResult>(change);
        await queue.AppendAsync(entry);
        return entry.Result!;
    }
}
