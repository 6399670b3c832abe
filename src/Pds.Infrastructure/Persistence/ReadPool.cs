using System.Collections.Concurrent;

namespace Pds.Infrastructure.Persistence;

/// <summary>Keeps reading connections with their prepared commands. Readers never wait: one more is opened when all are lent out.</summary>
internal sealed class ReadPool(SqliteDatabase database) : IDisposable
{
    private static readonly int MaxIdle = Math.Max(4, Environment.ProcessorCount * 2);

    private readonly ConcurrentBag<RepositoryReader> _idle = [];
    private volatile bool _disposed;

    /// <summary>Lends a reader until the lease is disposed of.</summary>
    public ReadLease Rent() => new(this, _idle.TryTake(out RepositoryReader? reader) ? reader : new RepositoryReader(database));

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out RepositoryReader? reader))
        {
            reader.Dispose();
        }
    }

    internal void Return(RepositoryReader reader)
    {
        if (_disposed || _idle.Count >= MaxIdle)
        {
            reader.Dispose();
        }
        else
        {
            _idle.Add(reader);
        }
    }
}

/// <summary>A lent reader.</summary>
internal readonly struct ReadLease(ReadPool pool, RepositoryReader reader) : IDisposable
{
    public RepositoryReader Reader => reader;

    public void Dispose() => pool.Return(reader);
}
