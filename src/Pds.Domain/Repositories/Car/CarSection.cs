using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories.Car;

/// <summary>What stands in the sections of a CAR, once their bytes are there: the header, then blocks.</summary>
internal static class CarSection
{
    private const int BytesBesideRoots = 32;
    private const int BytesOfRoot = 5 + Cid.ByteLength;

    /// <summary>The longest header that can be within the limits.</summary>
    public static long MaxHeaderBytes(CarLimits limits) => BytesBesideRoots + ((long)BytesOfRoot * limits.MaxRoots);

    /// <summary>The longest block section that can be within the limits.</summary>
    public static long MaxBlockBytes(CarLimits limits) => (long)Cid.ByteLength + limits.MaxBlockBytes;

    /// <summary>Reads the header.</summary>
    /// <returns>The roots.</returns>
    /// <exception cref="CarException">Not a header of version 1, or with too many roots.</exception>
    public static IReadOnlyList<Cid> ReadHeader(ReadOnlySpan<byte> section, CarLimits limits)
    {
        try
        {
            var reader = new DagCborReader(section);
            Require(reader.ReadMapHeader() == 2 && reader.ReadKey(default).SequenceEqual("roots"u8));
            int count = reader.ReadArrayHeader();
            if (count > limits.MaxRoots)
            {
                throw new CarException($"The header has more than {limits.MaxRoots} roots.");
            }

            var roots = new Cid[count];
            for (int i = 0; i < count; i++)
            {
                roots[i] = reader.ReadCid();
            }

            Require(reader.ReadKey("roots"u8).SequenceEqual("version"u8) && reader.ReadInteger() == 1);
            reader.ReadEnd();
            return roots;
        }
        catch (DagCborException)
        {
            throw new CarException("The header is not canonical DAG-CBOR.");
        }
    }

    /// <summary>Reads a block and checks its hash. The block keeps the memory it is given.</summary>
    /// <exception cref="CarException">No CID of ours in front, or the hash is another.</exception>
    public static Block ReadBlock(ReadOnlyMemory<byte> section)
    {
        if (section.Length < Cid.ByteLength || !Cid.TryRead(section.Span[..Cid.ByteLength], out Cid cid))
        {
            throw new CarException("A block does not start with a CID of version 1, SHA-256, DAG-CBOR or raw.");
        }

        ReadOnlyMemory<byte> bytes = section[Cid.ByteLength..];
        return cid.Matches(bytes.Span) ? new Block(cid, bytes) : throw new CarException($"Not a valid CID for bytes ({cid})");
    }

    private static void Require(bool isHeader)
    {
        if (!isHeader)
        {
            throw new CarException("The header is not that of a CAR of version 1.");
        }
    }
}
