namespace Pds.Domain.Crypto;

/// <summary>The two curves that atproto keys lie on.</summary>
public enum KeyCurve
{
    /// <summary>secp256k1, also called K-256: JWT algorithm <c>ES256K</c>. The curve of new accounts.</summary>
    Secp256k1,

    /// <summary>NIST P-256, also called secp256r1: JWT algorithm <c>ES256</c>.</summary>
    P256,
}
