using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Api.Authentication;

/// <summary>The operator's password: <c>Basic base64("admin:" + password)</c>. Compared in constant time, whatever its length.</summary>
internal sealed class AdminPassword(IOptions<PdsOptions> options)
{
    private readonly byte[] _expected = SHA256.HashData(Encoding.UTF8.GetBytes($"admin:{options.Value.AdminPassword}"));

    /// <summary>The operator.</summary>
    /// <exception cref="XrpcException">AuthenticationRequired when user or password is wrong.</exception>
    public Caller Authenticate(AuthorizationHeader header)
    {
        Span<byte> decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(header.Credentials.Length)];
        return Convert.TryFromBase64String(header.Credentials, decoded, out int length)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(decoded[..length]), _expected)
                ? Caller.Admin.Instance
                : throw new XrpcException(AuthErrors.AuthenticationRequired, "Wrong user or password");
    }
}
