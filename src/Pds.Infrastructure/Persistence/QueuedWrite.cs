namespace Pds.Infrastructure.Persistence;

/// <summary>Something that the single writer keeps in one piece: all of it, or nothing.</summary>
internal abstract class QueuedWrite
{
    private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isAccompanied;

    /// <summary>Completes when the entry is durable; fails when nothing of it was kept.</summary>
    public Task Durable => _durable.Task;

    /// <summary>About how many bytes it writes; a group of entries is bounded by their sum.</summary>
    public abstract int Weight { get; }

    /// <summary>Whether nobody waits for it. Such entries never share a transaction with others, so that none fails because of them.</summary>
    public virtual bool IsHousekeeping => false;

    /// <summary>What is to be kept with it if it changes anything.</summary>
    public JoinedWrite? Companion { get; set; }

    /// <summary>Writes within the writer's transaction. Whatever it throws undoes this entry alone.</summary>
    public abstract void Write(CommitWriter writer);

    /// <summary>Called on the writer's thread, before <see cref="Durable"/> completes.</summary>
    protected virtual void OnDurable()
    {
    }

    /// <summary>Called on the writer's thread, before <see cref="Durable"/> fails.</summary>
    /// <param name="exception">Why.</param>
    protected virtual void OnFailed(Exception exception)
    {
    }

    /// <summary>Writes the entry and, if it changed something, its companion.</summary>
    internal void WriteAccompanied(CommitWriter writer)
    {
        if (Companion is not { } companion)
        {
            Write(writer);
            return;
        }

        long changes = writer.CountChanges();
        Write(writer);
        _isAccompanied = writer.CountChanges() > changes && companion.TryWrite(writer);
    }

    internal void Complete()
    {
        OnDurable();
        _durable.SetResult();
    }

    internal void Fail(Exception exception)
    {
        if (_isAccompanied)
        {
            Companion?.Undo();
        }

        OnFailed(exception);
        _durable.SetException(exception);
        _ = _durable.Task.Exception; // observed: not every entry has somebody who awaits it
    }
}
