using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
namespace Pds.Domain.Identity;
/// a DID document as received (raw JSON kept) with what atproto reads from it (spec 08 §3)
public sealed class DidDocument
{
    /// FormatException when not a JSON object or id differs
    public static DidDocument Parse(Did did, ReadOnlySpan<byte> utf8Json) => throw new NotImplementedException();
    public Did Did => throw new NotImplementedException();
    public ReadOnlyMemory<byte> Json => throw new NotImplementedException();
    /// first at:// alias that is a valid handle
    public Handle? Handle => throw new NotImplementedException();
    /// #atproto
    public PublicKey? SigningKey => throw new NotImplementedException();
    public PublicKey? FindKey(string fragment) => throw new NotImplementedException();
    /// #atproto_pds
    public string? PdsEndpoint => throw new NotImplementedException();
    public string? FindService(string fragment) => throw new NotImplementedException();
}
