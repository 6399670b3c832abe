using System.Buffers;
using Pds.Domain.DataModel;
namespace Pds.Domain.Repositories.Car;
public static class CarWriter
{
    public static void WriteHeader(IBufferWriter<byte> output, ReadOnlySpan<Cid> roots) => throw new NotImplementedException();
    public static void WriteBlock(IBufferWriter<byte> output, Cid cid, ReadOnlySpan<byte> bytes) => throw new NotImplementedException();
}
