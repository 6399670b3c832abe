using System.IO.Pipelines;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Car;

namespace Pds.Application.Sync;

/// <summary>
/// An archive of blocks that is made while it is sent, in constant memory. Holds a view of the repository open until it is disposed, or needs none any more.
/// </summary>
public abstract class CarExport : IAsyncDisposable
{
    private const int FlushBytes = 64 * 1024;

    private readonly IRepositorySnapshot _snapshot;
    private readonly CancellationToken _expired;
    private bool _isReleased;
    private PipeWriter? _output;
    private int _unflushedBytes;

    private protected CarExport(IRepositorySnapshot snapshot)
    {
        _snapshot = snapshot;
        _expired = snapshot.Expired;
    }

    private protected IRepositorySnapshot Snapshot => _snapshot;

    /// <summary>Writes the whole archive, and waits for a reader that is slower. Once only.</summary>
    /// <param name="output">Where to; is flushed and not completed.</param>
    /// <param name="cancellationToken">Stops in the middle.</param>
    /// <exception cref="OperationCanceledException">The reader went away, or the export <see cref="IsExpired"/>.</exception>
    public async Task WriteToAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _expired);
        _output = output;
        await WriteBlocksAsync(either.Token);
        await FlushAsync(either.Token);
    }

    /// <summary>Whether it took so long that its view of the repository had to be given up.</summary>
    public bool IsExpired => _expired.IsCancellationRequested;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ReleaseSnapshotAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the view of the repository back before the archive is sent: what follows is in memory.</summary>
    private protected async ValueTask ReleaseSnapshotAsync()
    {
        if (!_isReleased)
        {
            _isReleased = true;
            await _snapshot.DisposeAsync();
        }
    }

    private protected abstract ValueTask WriteBlocksAsync(CancellationToken cancellationToken);

    private protected void WriteHeader(params ReadOnlySpan<Cid> roots) => CarWriter.WriteHeader(_output!, roots);

    /// <summary>Adds a block; flushes now and then.</summary>
    private protected ValueTask WriteAsync(Cid cid, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        CarWriter.WriteBlock(_output!, cid, bytes.Span);
        _unflushedBytes += Cid.ByteLength + bytes.Length;
        return _unflushedBytes < FlushBytes ? ValueTask.CompletedTask : FlushAsync(cancellationToken);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _unflushedBytes = 0;
        cancellationToken.ThrowIfCancellationRequested();
        FlushResult result = await _output!.FlushAsync(cancellationToken);
        if (result.IsCompleted || result.IsCanceled)
        {
            throw new OperationCanceledException("The reader went away.");
        }
    }
}
