namespace Pds.Domain.Crypto;

/// <summary>Signs with one private key. Safe for concurrent use.</summary>
public interface ISigner
{
    /// <summary>Length in bytes of a compact signature: r, then s.</summary>
    const int SignatureLength = 64;

    /// <summary>The public half.</summary>
    PublicKey PublicKey { get; }

    /// <summary>Writes the low-S compact ECDSA signature over the SHA-256 of a message.</summary>
    /// <param name="message">The message itself; hashing happens here.</param>
    /// <param name="signature">Receives 64 bytes.</param>
    void Sign(ReadOnlySpan<byte> message, Span<byte> signature);
}
