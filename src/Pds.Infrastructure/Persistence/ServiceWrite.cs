namespace Pds.Infrastructure.Persistence;

/// <summary>A change of a few rows that nobody else hears of. It takes its turn in the write queue, so it never waits for the database's write lock.</summary>
/// <typeparam name="TResult">What the change finds out on its way.</typeparam>
internal sealed class ServiceWrite<TResult>(Func<WriteTransaction, TResult> change) : QueuedWrite
{
    private const int AboutOneRow = 256;

    /// <summary>Set once the change was written.</summary>
    public TResult? Result { get; private set; }

    public override int Weight => AboutOneRow;

    public override void Write(WriteTransaction transaction)
    {
        Result = change(transaction);
        transaction.SaveChanges();
    }
}

/// <summary>Short forms of queueing.</summary>
internal static class ServiceWrites
{
    /// <summary>Changes service tables in one transaction.</summary>
    /// <returns>What the change found out, once it is durable.</returns>
    public static Task<TResult> WriteAsync<TResult>(this WriteQueue queue, Func<PdsDbContext, TResult> change, JoinedWrite? joined = null) =>
        queue.ChangeAsync(transaction => change(transaction.Context), joined);

    /// <summary>Changes tables by a feature's own SQL, in one transaction.</summary>
    /// <returns>What the change found out, once it is durable.</returns>
    public static async Task<TResult> ChangeAsync<TResult>(this WriteQueue queue, Func<WriteTransaction, TResult> change, JoinedWrite? joined = null)
    {
        var write = new ServiceWrite<TResult>(change) { Joined = joined };
        await queue.AppendAsync(write);
        return write.Result!;
    }
}
