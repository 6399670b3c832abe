namespace Pds.Domain.Crypto;

/// <summary>Checks signatures of both curves. Safe for concurrent use.</summary>
public interface IVerifier
{
    /// <summary>Whether a compact, low-S signature over the SHA-256 of the message is the key's: the rule for commits and PLC operations.</summary>
    bool Verify(PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    /// <summary>As <see cref="Verify"/>, but a high-S signature is good as well: the rule for JWTs, whose libraries do not normalise.</summary>
    bool VerifyMalleable(PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
}
