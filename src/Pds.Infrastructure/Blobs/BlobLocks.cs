using Pds.Domain.DataModel;

namespace Pds.Infrastructure.Blobs;

/// <summary>Lets one at a time move or delete the files of a blob. Different blobs may share a lock, so nobody may hold two.</summary>
internal sealed class BlobLocks : IDisposable
{
    private const int Stripes = 64;

    private readonly SemaphoreSlim[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1, 1))];

    public async ValueTask<Holder> EnterAsync(long accountId, Cid cid, CancellationToken cancellationToken)
    {
        SemaphoreSlim stripe = _stripes[(uint)HashCode.Combine(accountId, cid) % Stripes];
        await stripe.WaitAsync(cancellationToken);
        return new Holder(stripe);
    }

    public void Dispose()
    {
        foreach (SemaphoreSlim stripe in _stripes)
        {
            stripe.Dispose();
        }
    }

    /// <summary>Leaves when it is disposed of.</summary>
    public readonly struct Holder(SemaphoreSlim stripe) : IDisposable
    {
        public void Dispose() => stripe.Release();
    }
}
