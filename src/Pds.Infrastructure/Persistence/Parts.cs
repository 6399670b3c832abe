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

/// <summary>A write part that keeps something in memory until the transaction ends.</summary>
internal interface ITransactionPart
{
    /// <summary>A transaction has begun; whatever is left of the one before is void.</summary>
    void OnBegin();

    /// <summary>A queued write begins.</summary>
    void OnMark();

    /// <summary>Everything since <see cref="OnMark"/> is taken back.</summary>
    void OnUndo();

    /// <summary>The last moment to write: no other write comes after it. What it throws fails the whole group.</summary>
    void BeforeCommit();
}

/// <summary>Hears of the write queue's transactions, on its thread.</summary>
internal interface IWriteFollower
{
    /// <summary>A connection was opened: the first one, or another after a transaction failed, which may have been kept after all.</summary>
    void OnOpened(WriteTransaction transaction);

    /// <summary>A transaction is durable. Called before its writes complete.</summary>
    void OnCommitted(WriteTransaction transaction);
}
