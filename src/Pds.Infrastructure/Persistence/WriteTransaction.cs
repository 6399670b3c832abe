using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Pds.Infrastructure.Persistence;

/// <summary>The one connection that writes, with its commands prepared once, and the transaction that is open on it. Used by one thread at a time.</summary>
/// <remarks>Features write through parts of their own (<see cref="IWritePart{TSelf}"/>) or through the EF context; both see what the other has written.</remarks>
internal sealed class WriteTransaction : IDisposable
{
    private readonly SqlDialect _dialect;
    private readonly DbCommand _begin;
    private readonly DbCommand _commit;
    private readonly DbCommand _mark;
    private readonly DbCommand _keep;
    private readonly DbCommand _undo;
    private readonly DbCommand _countChanges;
    private readonly List<object> _parts = [];
    private readonly List<TransactionCourse> _courses = [];
    private PdsDbContext? _context;

    public WriteTransaction(DbConnection connection, SqlDialect dialect, TimeProvider time)
    {
        Connection = connection;
        Time = time;
        _dialect = dialect;
        _begin = connection.Prepare(dialect.BeginWrite);
        _commit = connection.Prepare("COMMIT");
        _mark = connection.Prepare("SAVEPOINT write");
        _keep = connection.Prepare("RELEASE write");
        _undo = connection.Prepare("ROLLBACK TO write; RELEASE write");
        _countChanges = connection.Prepare(dialect.CountChanges);
    }

    /// <summary>What parts prepare their commands on.</summary>
    public DbConnection Connection { get; }

    public TimeProvider Time { get; }

    /// <summary>The service tables, within this transaction. Empty of tracked entities at the start of each queued write.</summary>
    public PdsDbContext Context => _context ??= OpenContext();

    /// <summary>A feature's writer over this connection, made when it is first asked for and kept as long as the connection.</summary>
    public TPart Part<TPart>()
        where TPart : class, IWritePart<TPart>
    {
        foreach (object part in _parts)
        {
            if (part is TPart found)
            {
                return found;
            }
        }

        TPart made = TPart.Over(this);
        _parts.Add(made);
        return made;
    }

    /// <summary>To be called by a part when it is made, if it keeps something in memory until the transaction ends.</summary>
    public void Follow(TransactionCourse course) => _courses.Add(course);

    /// <summary>Writes what the context tracks, if it was used at all.</summary>
    public void SaveChanges() => _context?.SaveChanges();

    /// <summary>How many rows were inserted, updated or deleted on this connection so far.</summary>
    public long CountChanges() => (long)_countChanges.ExecuteScalar()!;

    public void Begin()
    {
        _begin.ExecuteNonQuery();
        foreach (TransactionCourse course in _courses)
        {
            course.OnBegin();
        }
    }

    /// <summary>Makes everything since <see cref="Begin"/> durable.</summary>
    public void Commit()
    {
        foreach (TransactionCourse course in _courses)
        {
            course.BeforeCommit();
        }

        _commit.ExecuteNonQuery();
    }

    /// <summary>Starts one queued write of the group.</summary>
    public void Mark()
    {
        _mark.ExecuteNonQuery();
        foreach (TransactionCourse course in _courses)
        {
            course.OnMark();
        }
    }

    public void Keep()
    {
        _keep.ExecuteNonQuery();
        _context?.ChangeTracker.Clear();
    }

    /// <summary>Takes back everything since <see cref="Mark"/>.</summary>
    public void Undo()
    {
        _undo.ExecuteNonQuery();
        _context?.ChangeTracker.Clear();
        foreach (TransactionCourse course in _courses)
        {
            course.OnUndo();
        }
    }

    public void Dispose()
    {
        _context?.Dispose();
        Connection.Dispose();
    }

    private PdsDbContext OpenContext()
    {
        DbContextOptionsBuilder<PdsDbContext> options = new();
        _dialect.Use(options, Connection);
        PdsDbContext context = new(options.Options);
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never; // this transaction is open already
        return context;
    }
}
