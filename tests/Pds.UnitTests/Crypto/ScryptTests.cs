using System.Security.Cryptography;
using System.Text;
using Pds.Cryptography;

namespace Pds.UnitTests.Crypto;

[TestFixtureSource(typeof(GivenScrypt), nameof(GivenScrypt.Names))]
internal sealed class ScryptTests(string name)
{
    private Scrypt _scrypt = null!;

    [OneTimeSetUp]
    public void SetUp() => _scrypt = GivenScrypt.By(name);

    // RFC 7914, section 12; its fourth vector takes a gigabyte.
    [TestCase("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [TestCase("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [TestCase("pleaseletmein", "SodiumChloride", 16384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void Derive_OfTheVectorsOfTheRfc_GivesTheirKeys(string password, string salt, int cost, int blockSize, int parallelization, string expected)
    {
        byte[] key = new byte[64];

        _scrypt.Derive(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(salt), cost, blockSize, parallelization, key);

        Assert.That(Convert.ToHexStringLower(key), Is.EqualTo(expected));
    }

    [Test]
    public void Derive_WhateverTheLengths_AgreesWithTheManagedOne()
    {
        var managed = new ManagedScrypt();

        for (int length = 0; length <= 130; length++)
        {
            byte[] password = RandomNumberGenerator.GetBytes(length);
            byte[] salt = RandomNumberGenerator.GetBytes(130 - length);
            byte[] ours = new byte[1 + length];
            byte[] theirs = new byte[1 + length];

            _scrypt.Derive(password, salt, 32, 2, 3, ours);
            managed.Derive(password, salt, 32, 2, 3, theirs);

            Assert.That(ours, Is.EqualTo(theirs), $"{Convert.ToHexString(password)} {Convert.ToHexString(salt)}");
        }
    }

    [Test]
    public void Derive_WhenManyCallAtOnce_AllGetTheSameKey()
    {
        var keys = new byte[8][];

        Parallel.For(0, keys.Length, i =>
        {
            keys[i] = new byte[64];
            _scrypt.Derive("password"u8, "NaCl"u8, 1024, 8, 1, keys[i]);
        });

        Assert.That(keys, Is.All.EqualTo(keys[0]));
    }

    [Test]
    public void Derive_WhenCostIsNoPowerOfTwo_ThrowsAndNamesNoSecret() =>
        Assert.That(
            () => _scrypt.Derive("hunter2"u8, "NaCl"u8, 1000, 8, 1, new byte[64]),
            Throws.TypeOf<CryptographicException>().With.Message.EqualTo($"{name} failed to compute scrypt."));

    [Test]
    public void PassesSelfTest_IsTrue()
    {
        Assert.That(_scrypt.PassesSelfTest(), Is.True);
        Assert.That(_scrypt.Name, Is.EqualTo(name));
    }

    [Test]
    public void Open_Always_IsThePackagedLibrary() => Assert.That(Scrypt.Open().Name, Is.EqualTo("libsodium"));
}
