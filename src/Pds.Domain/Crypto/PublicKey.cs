using System.Diagnostics.CodeAnalysis;
namespace Pds.Domain.Crypto;
public enum KeyCurve { Secp256k1, P256 }
public sealed class PublicKey : IEquatable<PublicKey>
{
    /// 33 bytes, SEC1 compressed
    public static PublicKey FromCompressed(KeyCurve curve, ReadOnlySpan<byte> compressed) => throw new NotImplementedException();
    public KeyCurve Curve => throw new NotImplementedException();
    public ReadOnlySpan<byte> Compressed => throw new NotImplementedException();
    /// ES256K or ES256
    public string JwtAlgorithm => throw new NotImplementedException();
    /// did:key:z…
    public static bool TryParseDidKey(string? text, [NotNullWhen(true)] out PublicKey? key) => throw new NotImplementedException();
    /// z… multicodec + compressed point
    public static bool TryParseMultikey(string? text, [NotNullWhen(true)] out PublicKey? key) => throw new NotImplementedException();
    public string ToMultikey() => throw new NotImplementedException();
    public string ToDidKey() => throw new NotImplementedException();
    public bool Equals(PublicKey? other) => throw new NotImplementedException();
    public override bool Equals(object? obj) => Equals(obj as PublicKey);
    public override int GetHashCode() => throw new NotImplementedException();
}
