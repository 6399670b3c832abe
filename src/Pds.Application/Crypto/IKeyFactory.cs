using Pds.Domain.Crypto;

namespace Pds.Application.Crypto;

/// <summary>Makes private keys and signers.</summary>
public interface IKeyFactory
{
    /// <summary>Length in bytes of a private scalar on either curve.</summary>
    const int PrivateKeyLength = 32;

    /// <summary>A new private scalar, 32 bytes big-endian.</summary>
    byte[] Generate(KeyCurve curve);

    /// <summary>A signer for a private scalar.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes, or not a scalar of the curve.</exception>
    ISigner CreateSigner(KeyCurve curve, ReadOnlySpan<byte> privateKey);
}
