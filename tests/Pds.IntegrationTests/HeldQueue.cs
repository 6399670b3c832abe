using Pds.Infrastructure.Persistence;

namespace Pds.IntegrationTests;

/// <summary>Keeps the single writer waiting, so that what is queued behind it stays there.</summary>
internal sealed class HeldQueue : QueuedWrite, IDisposable
{
    private readonly ManualResetEventSlim _released = new();

    public override int Weight => int.MaxValue / 2;

    public override void Write(WriteTransaction transaction) => _released.Wait(TimeSpan.FromSeconds(30));

    public void Release() => _released.Set();

    public void Dispose() => _released.Dispose();
}
