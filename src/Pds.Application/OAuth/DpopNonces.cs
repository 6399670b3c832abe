using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pds.Application.Settings;

namespace Pds.Application.OAuth;

/// <summary>Nonces for DPoP proofs: each follows from a secret and the minute, so that none has to be kept and servers that share the secret agree.</summary>
/// <param name="options">The secret, if one is set; otherwise it follows from that of session tokens.</param>
/// <param name="time">The clock.</param>
public sealed class DpopNonces(SecretSettings options, TimeProvider time)
{
    private const int StepMilliseconds = 60_000;

    private readonly byte[] _secret = options.DpopSecret is { Length: > 0 } hex
        ? Convert.FromHexString(hex)
        : HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.JwtSecret), "dpop nonces"u8);

    /// <summary>The nonce to send: the next one, so that it lives longest.</summary>
    public string Next => Of(Step + 1);

    private long Step => time.GetUtcNow().ToUnixTimeMilliseconds() / StepMilliseconds;

    /// <summary>Whether a nonce is the present one, the one before or the one after.</summary>
    public bool IsGood(string nonce)
    {
        long step = Step;
        return nonce == Of(step) || nonce == Of(step + 1) || nonce == Of(step - 1);
    }

    private string Of(long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        return Base64Url.EncodeToString(HMACSHA256.HashData(_secret, counter));
    }
}
