using System.Security.Cryptography;
using Pds.Application.Crypto;
using Pds.Domain.Crypto;

namespace Pds.Infrastructure.Crypto;

/// <inheritdoc cref="IKeyFactory"/>
internal sealed class KeyFactory(Secp256k1 secp256k1) : IKeyFactory
{
    /// <inheritdoc/>
    public byte[] Generate(KeyCurve curve)
    {
        byte[] key = new byte[IKeyFactory.PrivateKeyLength];
        do
        {
            RandomNumberGenerator.Fill(key);
        }
        while (!CurveOrder.IsScalar(curve, key));

        return key;
    }

    /// <inheritdoc/>
    public ISigner CreateSigner(KeyCurve curve, ReadOnlySpan<byte> privateKey) =>
        curve == KeyCurve.Secp256k1 ? secp256k1.CreateSigner(privateKey) : P256.CreateSigner(privateKey);
}
