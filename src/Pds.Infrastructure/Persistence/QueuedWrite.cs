namespace Pds.Infrastructure.Persistence;

/// <summary>Something that the single writer keeps in one piece: all of it, or nothing.</summary>
internal abstract class QueuedWrite
{
    private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isJoined;

    /// <summary>Completes when the write is durable; fails when nothing of it was kept.</summary>
    public Task Durable => _durable.Task;

    /// <summary>About how many bytes it writes; a group of writes is bounded by their sum.</summary>
    public abstract int Weight { get; }

    /// <summary>Whether nobody waits for it. Such writes never share a transaction with others, so that none fails because of them.</summary>
    public virtual bool IsHousekeeping => false;

    /// <summary>What joins it if it changes anything; both are kept, or neither.</summary>
    public JoinedWrite? Joined { get; init; }

    /// <summary>Writes within the queue's transaction. Whatever it throws undoes this write alone.</summary>
    public abstract void Write(WriteTransaction transaction);

    /// <summary>Called on the queue's thread, before <see cref="Durable"/> completes.</summary>
    protected virtual void OnDurable()
    {
    }

    /// <summary>Called on the queue's thread, before <see cref="Durable"/> fails.</summary>
    /// <param name="exception">Why.</param>
    protected virtual void OnFailed(Exception exception)
    {
    }

    /// <summary>Writes and, if that changed something, writes what joins it.</summary>
    internal void WriteJoined(WriteTransaction transaction)
    {
        if (Joined is not { } joined)
        {
            Write(transaction);
            return;
        }

        long changes = transaction.CountChanges();
        Write(transaction);
        if (transaction.CountChanges() > changes)
        {
            _isJoined = true;
            joined.Write(transaction);
        }
    }

    internal void Complete()
    {
        OnDurable();
        _durable.SetResult();
    }

    internal void Fail(Exception exception)
    {
        if (_isJoined)
        {
            Joined?.Undo();
        }

        OnFailed(exception);
        _durable.SetException(exception);
        _ = _durable.Task.Exception; // observed: not every write has somebody who awaits it
    }
}
