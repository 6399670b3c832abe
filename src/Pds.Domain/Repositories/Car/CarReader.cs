using System.IO.Pipelines;
using Pds.Domain.DataModel;
namespace Pds.Domain.Repositories.Car;
/// streaming, bounded; every block's hash is checked. FormatException on any violation.
public sealed class CarReader
{
    public static ValueTask<CarReader> OpenAsync(PipeReader input, CarLimits limits, CancellationToken cancellationToken) => throw new NotImplementedException();
    public IReadOnlyList<Cid> Roots => throw new NotImplementedException();
    public IAsyncEnumerable<Block> ReadBlocksAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
    /// the whole of a small CAR at once (tests, proofs, event slices)
    public static (IReadOnlyList<Cid> Roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> Blocks) ReadAll(ReadOnlyMemory<byte> car) => throw new NotImplementedException();
}
public sealed record CarLimits { public int MaxBlockBytes { get; init; } = 2_097_152; public long MaxTotalBytes { get; init; } = long.MaxValue; public int MaxRoots { get; init; } = 16; }
