using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
namespace Pds.Domain.Identity;
/// plc_operation, plc_tombstone or legacy create (spec 06 §8.1), held with its canonical encoding
public sealed class PlcOperation
{
    public static PlcOperation SignGenesis(PlcData data, ISigner rotationKey) => throw new NotImplementedException();
    public static PlcOperation SignUpdate(PlcData data, Cid prev, ISigner rotationKey) => throw new NotImplementedException();
    /// FormatException
    public static PlcOperation FromJson(ReadOnlySpan<byte> utf8) => throw new NotImplementedException();
    public byte[] ToJson() => throw new NotImplementedException();
    /// null for tombstones
    public PlcData? Data => throw new NotImplementedException();
    public Cid Cid => throw new NotImplementedException();
    public Cid? Prev => throw new NotImplementedException();
    public bool IsGenesis => throw new NotImplementedException();
    /// for genesis operations
    public Did DeriveDid() => throw new NotImplementedException();
    public bool IsSignedBy(PublicKey rotationKey, IVerifier verifier) => throw new NotImplementedException();
}
public sealed record PlcData
{
    public required IReadOnlyList<string> RotationKeys { get; init; }
    public required IReadOnlyDictionary<string, string> VerificationMethods { get; init; }
    public required IReadOnlyList<string> AlsoKnownAs { get; init; }
    public required IReadOnlyDictionary<string, PlcService> Services { get; init; }
}
public sealed record PlcService(string Type, string Endpoint);
