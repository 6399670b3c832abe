namespace Pds.Infrastructure.Persistence;

/// <summary>Something that is kept together with the first entry of a piece of work that changes anything, see <see cref="WriteQueue.AccompanyAsync"/>.</summary>
/// <param name="write">Writes it within the writer's transaction, and only so.</param>
internal sealed class JoinedWrite(Action<CommitWriter> write)
{
    private volatile bool _isKept;
    private volatile bool _isClosed;

    /// <summary>Whether it was written along with an entry. Durable once that entry is.</summary>
    public bool IsKept => _isKept;

    /// <summary>Ends the work: whatever was begun by it and goes on is on its own.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Called on the writer's thread after an entry that changed something.</summary>
    /// <returns>Whether it went along with this one.</returns>
    internal bool TryWrite(CommitWriter writer)
    {
        if (_isKept || _isClosed)
        {
            return false;
        }

        write(writer);
        _isKept = true;
        return true;
    }

    /// <summary>The entry that it went along with was not kept.</summary>
    internal void Undo() => _isKept = false;
}
