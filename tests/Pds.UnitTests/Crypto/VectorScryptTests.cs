using System.Runtime.Intrinsics;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;
using Pds.Infrastructure.Crypto;

namespace Pds.UnitTests.Crypto;

internal sealed class VectorScryptTests
{
    // RFC 7914, section 12.
    [TestCase("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [TestCase("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [TestCase("pleaseletmein", "SodiumChloride", 16_384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void Derive_OfTheRfcsExamples_GivesTheirKeys(string password, string salt, int cost, int blockSize, int parallelization, string key) =>
        Assert.That(Convert.ToHexStringLower(Derive(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(salt), cost, blockSize, parallelization)), Is.EqualTo(key));

    [Test]
    public void Derive_OfAnything_AgreesWithBouncyCastle()
    {
        var random = new Random(7914);
        for (int i = 0; i < 200; i++)
        {
            byte[] password = new byte[random.Next(1, 200)];
            byte[] salt = new byte[random.Next(1, 100)];
            random.NextBytes(password);
            random.NextBytes(salt);
            (int cost, int blockSize, int parallelization) = (2 << random.Next(8), random.Next(1, 17), random.Next(1, 4));

            Assert.That(
                Derive(password, salt, cost, blockSize, parallelization),
                Is.EqualTo(SCrypt.Generate(password, salt, cost, blockSize, parallelization, 64)), $"N {cost}, r {blockSize}, p {parallelization}");
        }
    }

    [Test]
    public void Derive_WhenDone_LeavesNothingInMemory()
    {
        var memory = new Vector128<uint>[VectorScrypt.MemoryVectors(16, 8)];

        VectorScrypt.Derive("password"u8, "salt"u8, 16, 8, 1, memory, new byte[64]);

        Assert.That(memory, Is.All.EqualTo(Vector128<uint>.Zero));
    }

    private static byte[] Derive(byte[] password, byte[] salt, int cost, int blockSize, int parallelization)
    {
        byte[] key = new byte[64];
        VectorScrypt.Derive(password, salt, cost, blockSize, parallelization, new Vector128<uint>[VectorScrypt.MemoryVectors(cost, blockSize)], key);
        return key;
    }
}
