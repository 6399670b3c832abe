namespace Pds.IntegrationTests;

/// <summary>A clock that jumps when told; it runs on in between, so that nothing waits for it forever.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _aheadTicks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _aheadTicks, time.Ticks);
}
