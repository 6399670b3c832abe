namespace Pds.Infrastructure.Repositories;

/// <summary>Something that the single writer keeps in one piece: all of it, or nothing.</summary>
internal abstract class LogEntry
{
    private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the entry is durable; fails when nothing of it was kept.</summary>
    public Task Durable => _durable.Task;

    /// <summary>About how many bytes it writes; a group of entries is bounded by their sum.</summary>
    public abstract int Weight { get; }

    /// <summary>Writes within the writer's transaction. Whatever it throws undoes this entry alone.</summary>
    public abstract void Write(CommitWriter writer);

    /// <summary>Called on the writer's thread, before <see cref="Durable"/> completes.</summary>
    protected virtual void OnDurable()
    {
    }

    /// <summary>Called on the writer's thread, before <see cref="Durable"/> fails.</summary>
    protected virtual void OnFailed()
    {
    }

    internal void Complete()
    {
        OnDurable();
        _durable.SetResult();
    }

    internal void Fail(Exception exception)
    {
        OnFailed();
        _durable.SetException(exception);
        _ = _durable.Task.Exception; // observed: not every entry has somebody who awaits it
    }
}
