using Pds.Application.Server;

namespace Pds.Infrastructure.Persistence;

/// <summary>Whether the database answers and takes writes. A disk that hangs would keep the question as long, so an answer is waited for only a while.</summary>
internal sealed class DatabaseProbe(ReadPool readers, FullDisk disk, TimeProvider time) : IHealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async ValueTask<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        await Task.Run(Ask, cancellationToken).WaitAsync(Patience, time, cancellationToken);
        return !disk.IsFull;
    }

    private void Ask()
    {
        using ReadLease lease = readers.Rent();
        lease.Connection.Probe();
    }
}
