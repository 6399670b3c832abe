using Pds.Application.Crypto;
using Pds.Cryptography;
using Pds.Domain.Crypto;

namespace Pds.Infrastructure.Crypto;

/// <inheritdoc cref="IKeyFactory"/>
internal sealed class KeyFactory(Secp256k1 secp256k1) : IKeyFactory
{
    /// <inheritdoc/>
    public byte[] Generate(KeyCurve curve) => PrivateKey.Generate(curve);

    /// <inheritdoc/>
    public ISigner CreateSigner(KeyCurve curve, ReadOnlySpan<byte> privateKey) =>
        curve == KeyCurve.Secp256k1 ? secp256k1.CreateSigner(privateKey) : P256.CreateSigner(privateKey);
}
