namespace Pds.Domain.Identifiers;
/// thread-safe, lock-free, strictly increasing; clockId 0..1023 is given by whoever composes it (Domain has no randomness)
public sealed class TidClock(TimeProvider time, int clockId)
{
    public Tid Next() => throw new NotImplementedException();
    /// greater than every TID this clock gave and greater than previous
    public Tid NextAfter(Tid? previous) => throw new NotImplementedException();
}
