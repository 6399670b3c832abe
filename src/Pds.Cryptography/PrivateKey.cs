using System.Security.Cryptography;
using Pds.Domain.Crypto;

namespace Pds.Cryptography;

/// <summary>Private keys as bytes: a scalar of the curve, 32 bytes big-endian.</summary>
public static class PrivateKey
{
    /// <summary>Length in bytes of a private key on either curve.</summary>
    public const int Length = CurveOrder.ScalarLength;

    /// <summary>Makes a private key from the system's random numbers. <see cref="Secp256k1.CreateSigner"/> and <see cref="P256.CreateSigner"/> take it.</summary>
    public static byte[] Generate(KeyCurve curve)
    {
        byte[] key = new byte[Length];
        do
        {
            RandomNumberGenerator.Fill(key);
        }
        while (!CurveOrder.IsScalar(curve, key));

        return key;
    }
}
