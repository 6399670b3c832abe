namespace Pds.Infrastructure.Persistence;

/// <summary>A feature's own SQL for writing, prepared once on the connection of a <see cref="WriteTransaction"/>.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal interface IWritePart<TSelf>
    where TSelf : class, IWritePart<TSelf>
{
    /// <summary>Makes the part of one connection; called once for each.</summary>
    static abstract TSelf Over(WriteTransaction transaction);
}

/// <summary>A feature's own SQL for reading, prepared once on a <see cref="ReadConnection"/>.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal interface IReadPart<TSelf>
    where TSelf : class, IReadPart<TSelf>
{
    /// <summary>Makes the part of one connection; called once for each.</summary>
    static abstract TSelf Over(ReadConnection connection);
}

/// <summary>What a write part does in the course of a transaction, where it keeps something in memory until the end.</summary>
/// <param name="OnBegin">A transaction has begun; whatever is left of the one before is void.</param>
/// <param name="OnMark">A queued write begins.</param>
/// <param name="OnUndo">Everything since the last mark is taken back.</param>
/// <param name="BeforeCommit">The last moment to write: no other write comes after it. What it throws fails the whole group.</param>
internal sealed record TransactionCourse(Action OnBegin, Action OnMark, Action OnUndo, Action BeforeCommit);

/// <summary>Hears of the write queue's transactions, on its thread.</summary>
/// <param name="OnOpened">A connection was opened: the first one, or another after a transaction failed, which may have been kept after all.</param>
/// <param name="OnCommitted">A transaction is durable. Called before its writes complete.</param>
internal sealed record WriteFollower(Action<WriteTransaction> OnOpened, Action<WriteTransaction> OnCommitted);
