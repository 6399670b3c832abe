using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Errors;

namespace Pds.Api.Authentication;

/// <summary>The operator's password: <c>Basic base64("admin:" + password)</c>. Compared in constant time, whatever its length.</summary>
internal sealed class AdminPassword(SecretSettings options, OperatorAttempts attempts)
{
    private readonly byte[] _expected = SHA256.HashData(Encoding.UTF8.GetBytes($"admin:{options.AdminPassword}"));

    /// <summary>The operator.</summary>
    /// <param name="header">What was sent.</param>
    /// <param name="address">From where: guessing is counted by it.</param>
    /// <exception cref="XrpcException">AuthenticationRequired when user or password is wrong; RateLimitExceeded after too many of those.</exception>
    public Caller Authenticate(AuthorizationHeader header, IPAddress? address) => attempts.Judge(IsRight(header), address)
        ? Caller.Admin.Instance
        : throw new XrpcException(AuthErrors.AuthenticationRequired, "Wrong user or password");

    private bool IsRight(AuthorizationHeader header)
    {
        Span<byte> decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(header.Credentials.Length)];
        return Convert.TryFromBase64String(header.Credentials, decoded, out int length)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(decoded[..length]), _expected);
    }
}
