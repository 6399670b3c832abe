namespace Pds.Infrastructure.Persistence;

/// <summary>Something that is kept together with the first of several writes that changes anything, see <see cref="WriteQueue.JoinAsync"/>.</summary>
/// <param name="write">Writes it within the queue's transaction, and only so.</param>
internal sealed class JoinedWrite(Action<WriteTransaction> write)
{
    private volatile bool _isKept;
    private volatile bool _isClosed;

    /// <summary>Whether it has joined a write. Durable once that write is.</summary>
    public bool IsKept => _isKept;

    /// <summary>Ends the work: whatever was begun by it and goes on is on its own.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Called on the queue's thread after a write that changed something.</summary>
    /// <returns>Whether it joined this one.</returns>
    internal bool TryWrite(WriteTransaction transaction)
    {
        if (_isKept || _isClosed)
        {
            return false;
        }

        write(transaction);
        _isKept = true;
        return true;
    }

    /// <summary>The write that it joined was not kept.</summary>
    internal void Undo() => _isKept = false;
}
