using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pds.Application.Settings;

namespace Pds.Api.Pages;

/// <summary>Tokens that forms carry, so that no other site can have a browser post them. They follow from browser and request; none is kept.</summary>
internal sealed class FormTokens(SecretSettings options)
{
    private readonly byte[] _key = HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.JwtSecret), "form tokens"u8);

    public string Issue(string deviceId, string requestId) => Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{deviceId} {requestId}")));

    public bool IsGood(string? token, string deviceId, string requestId) =>
        token is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Issue(deviceId, requestId)));
}
