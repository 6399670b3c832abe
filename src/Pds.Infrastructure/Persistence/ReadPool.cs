using System.Collections.Concurrent;
using System.Data.Common;

namespace Pds.Infrastructure.Persistence;

/// <summary>Keeps reading connections with their prepared commands. Readers never wait: one more is opened when all are lent out.</summary>
/// <param name="open">Opens a connection outside of any pool of the driver.</param>
internal sealed class ReadPool(Func<DbConnection> open) : IDisposable
{
    private static readonly int MaxIdle = Math.Max(4, Environment.ProcessorCount * 2);

    private readonly ConcurrentBag<ReadConnection> _idle = [];
    private volatile bool _disposed;

    /// <summary>Lends a connection until the lease is disposed of.</summary>
    public ReadLease Rent() => new(this, _idle.TryTake(out ReadConnection? connection) ? connection : new ReadConnection(open()));

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out ReadConnection? connection))
        {
            connection.Dispose();
        }
    }

    internal void Return(ReadConnection connection)
    {
        if (_disposed || _idle.Count >= MaxIdle)
        {
            connection.Dispose();
        }
        else
        {
            _idle.Add(connection);
        }
    }
}

/// <summary>A lent connection.</summary>
internal readonly struct ReadLease(ReadPool pool, ReadConnection connection) : IDisposable
{
    public ReadConnection Connection => connection;

    /// <summary>A feature's reader over the lent connection.</summary>
    public TPart Part<TPart>()
        where TPart : class, IReadPart<TPart> => connection.Part<TPart>();

    public void Dispose() => pool.Return(connection);
}
