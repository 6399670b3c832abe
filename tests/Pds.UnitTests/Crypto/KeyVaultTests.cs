using System.Security.Cryptography;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Crypto;

namespace Pds.UnitTests.Crypto;

internal sealed class KeyVaultTests
{
    private static readonly Did Alice = Did.Parse("did:plc:ewvi7nxzyoun6zhxrhs64oiz");
    private static readonly byte[] Key = GivenKeys.RotationScalar;

    private readonly KeyVault _vault = new("a server secret"u8, KeyVault.SigningKeys);

    [Test]
    public void Open_OfASealedKey_GivesTheKey()
    {
        byte[] envelope = _vault.Seal(Key, Alice);

        Assert.That(envelope, Has.Length.EqualTo(Key.Length + KeyVault.Overhead));
        Assert.That(envelope.AsSpan().IndexOf(Key), Is.Negative);
        Assert.That(_vault.Open(envelope, Alice), Is.EqualTo(Key));
        Assert.That(new KeyVault("a server secret"u8, KeyVault.SigningKeys).Open(envelope, Alice), Is.EqualTo(Key));
    }

    [Test]
    public void Seal_Twice_GivesDifferentEnvelopes()
    {
        byte[] first = _vault.Seal(Key, Alice);
        byte[] second = _vault.Seal(Key, Alice);

        Assert.That(second, Is.Not.EqualTo(first));
    }

    [Test]
    public void Open_WhenAnyBitIsAltered_Throws()
    {
        byte[] envelope = _vault.Seal(Key, Alice);

        for (int bit = 0; bit < envelope.Length * 8; bit++)
        {
            byte[] altered = [.. envelope];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(() => _vault.Open(altered, Alice), Throws.InstanceOf<CryptographicException>());
        }
    }

    [Test]
    public void Open_WhenLengthIsAltered_Throws()
    {
        byte[] envelope = _vault.Seal(Key, Alice);

        for (int length = 0; length < envelope.Length; length++)
        {
            Assert.That(() => _vault.Open(envelope.AsSpan(0, length), Alice), Throws.InstanceOf<CryptographicException>());
        }

        Assert.That(() => _vault.Open([.. envelope, 0], Alice), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public void Open_WhenDidSecretOrPurposeDiffers_Throws()
    {
        byte[] envelope = _vault.Seal(Key, Alice);

        Assert.That(() => _vault.Open(envelope, Did.Parse("did:plc:44ybard66vv44zksje25o7dz")), Throws.InstanceOf<CryptographicException>());
        Assert.That(() => new KeyVault("another secret"u8, KeyVault.SigningKeys).Open(envelope, Alice), Throws.InstanceOf<CryptographicException>());
        Assert.That(() => new KeyVault("a server secret"u8, "another purpose").Open(envelope, Alice), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public void Open_WhenItFails_TellsNothingOfTheKey()
    {
        byte[] envelope = _vault.Seal(Key, Alice);
        envelope[^1] ^= 1;

        CryptographicException? e = Assert.Throws<CryptographicException>(() => _vault.Open(envelope, Alice));

        Assert.That(e!.ToString(), Does.Not.Contain(Convert.ToHexStringLower(Key)).IgnoreCase);
    }

    [Test]
    public void Constructor_WhenSecretIsEmpty_Throws() => Assert.That(() => new KeyVault([], KeyVault.SigningKeys), Throws.ArgumentException);
}
