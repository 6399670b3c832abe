using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pds.Domain.DataModel;

namespace Pds.Domain.Factors;

/// <summary>Codes of authenticator apps: six digits that follow from a shared secret and change every 30 seconds.</summary>
/// <remarks>
/// HMAC-SHA-1, the one form that every app knows. A code is good in its own step and in the ones before and after it, since clocks differ; it is
/// good once, so whoever judges it keeps the last step that was used.
/// <para>Source: RFC 6238 (and RFC 4226).</para>
/// </remarks>
public static class Totp
{
    /// <summary>How many digits a code has.</summary>
    public const int Digits = 6;

    /// <summary>Length of a secret in bytes, as RFC 4226 recommends.</summary>
    public const int SecretLength = 20;

    /// <summary>Length of a step in seconds.</summary>
    public const int StepSeconds = 30;

    private const int Modulus = 1_000_000;

    /// <summary>The step at a time: how many steps have passed since the Unix epoch.</summary>
    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of a step.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="step">The step.</param>
    public static string CodeOf(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Hash(secret, counter, hash);
        int offset = hash[^1] & 0x0f;
        int number = BinaryPrimitives.ReadInt32BigEndian(hash[offset..]) & 0x7fff_ffff;
        return (number % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a code is that of the step of a time, or of the one before or after.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="code">The code, six digits.</param>
    /// <param name="now">The time.</param>
    /// <param name="used">The last step that was used: it and those before are over.</param>
    /// <param name="step">The step whose code it is.</param>
    public static bool TryFindStep(ReadOnlySpan<byte> secret, string code, DateTimeOffset now, long used, out long step)
    {
        long current = StepAt(now);
        for (step = current - 1; step <= current + 1; step++)
        {
            if (step > used && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeOf(secret, step)), Encoding.UTF8.GetBytes(code)))
            {
                return true;
            }
        }

        step = 0;
        return false;
    }

    /// <summary>A secret as people copy it: base32 in upper case, without padding (RFC 4648).</summary>
    public static string TextOf(ReadOnlySpan<byte> secret)
    {
        Span<byte> digits = stackalloc byte[((secret.Length * 8) + 4) / 5];
        Base32.Encode(secret, digits);
        return Encoding.ASCII.GetString(digits).ToUpperInvariant();
    }

    /// <summary>What an authenticator app reads from a picture: the secret and whose it is.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="issuer">Name of the server.</param>
    /// <param name="account">Name of the account there.</param>
    public static string AddressOf(ReadOnlySpan<byte> secret, string issuer, string account) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={TextOf(secret)}&issuer={Uri.EscapeDataString(issuer)}&algorithm=SHA1&digits={Digits}&period={StepSeconds}";

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238, and what apps know. Nothing here rests on SHA-1 being free of collisions.")]
    private static void Hash(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> counter, Span<byte> hash) => HMACSHA1.HashData(secret, counter, hash);
}
