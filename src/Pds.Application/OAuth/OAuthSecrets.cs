using System.Security.Cryptography;
using System.Text;

namespace Pds.Application.OAuth;

/// <summary>Makes ids and secrets, and the digests by which secrets are kept.</summary>
internal static class OAuthSecrets
{
    public const string RefreshPrefix = "ref-";
    public const string CodePrefix = "cod-";
    public const string TokenPrefix = "tok-";
    public const string RequestUriPrefix = "urn:ietf:params:oauth:request_uri:";

    private const int IdBytes = 16;
    private const int SecretBytes = 32;

    public static string NewRequestId() => $"req-{Hex(IdBytes)}";

    public static string NewSessionId() => $"ses-{Hex(IdBytes)}";

    public static string NewTokenId() => $"{TokenPrefix}{Hex(IdBytes)}";

    public static string NewDeviceId() => $"dev-{Hex(IdBytes)}";

    public static string NewRefreshToken() => $"{RefreshPrefix}{Hex(SecretBytes)}";

    public static string NewCode() => $"{CodePrefix}{Hex(SecretBytes)}";

    public static string NewCookie() => $"ses-{Hex(SecretBytes)}";

    public static string CookieOf(byte[] secret) => $"ses-{Convert.ToHexStringLower(secret)}";

    public static bool IsRefreshToken(string text) => IsSecret(text, RefreshPrefix);

    public static bool IsCode(string text) => IsSecret(text, CodePrefix);

    /// <summary>SHA-256 in hex. The secrets are random enough not to need more.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static bool AreEqual(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static bool IsSecret(string text, string prefix) =>
        text.Length == prefix.Length + (2 * SecretBytes) && text.StartsWith(prefix, StringComparison.Ordinal);

    private static string Hex(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
