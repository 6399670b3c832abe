using System.Numerics;
using Pds.Cryptography;
using Pds.Domain.Crypto;

namespace Pds.UnitTests.Crypto;

internal sealed class CurveOrderTests
{
    [TestCase(KeyCurve.Secp256k1, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    [TestCase(KeyCurve.P256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")]
    public void NormaliseS_AroundHalfTheOrder_TakesTheLowerOne(KeyCurve curve, string order)
    {
        BigInteger n = new(Convert.FromHexString(order), isUnsigned: true, isBigEndian: true);

        foreach (BigInteger s in new[] { 1, n / 2, (n / 2) + 1, n - 1, n - 255, n - 256 })
        {
            byte[] signature = new byte[ISigner.SignatureLength];
            signature[31] = 1;
            byte[] bytes = s.ToByteArray(isUnsigned: true, isBigEndian: true);
            bytes.CopyTo(signature.AsSpan(ISigner.SignatureLength - bytes.Length));

            bool high = CurveOrder.IsHighS(curve, signature);
            CurveOrder.NormaliseS(curve, signature);

            Assert.That(high, Is.EqualTo(s > n / 2));
            Assert.That(new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true), Is.EqualTo(BigInteger.Min(s, n - s)));
            Assert.That(CurveOrder.IsSignature(curve, signature), Is.True);
        }
    }
}
