using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;

namespace Pds.Server.Hosting;

/// <summary>How a command finds out, before it sends the admin password, that what listens on the port is the server of its own settings.</summary>
/// <remarks>
/// The command sends 32 random bytes; the server answers their HMAC under a key that follows from the rotation key, over its port and DID as well: a stranger on another
/// port cannot hand the challenge on to the server and pass its answer off as his own.
/// </remarks>
internal static class ServerProof
{
    public const string Path = "/_pds/proof/";

    /// <summary>Characters of an answer.</summary>
    public const int AnswerLength = 2 * HMACSHA256.HashSizeInBytes;

    private const int ChallengeHexDigits = 64;
    private const int KeyLength = 32;

    public static string NewChallenge() => RandomNumberGenerator.GetHexString(ChallengeHexDigits, lowercase: true);

    /// <summary>The answer that the server of these settings gives.</summary>
    public static string Answer(PdsOptions options, string challenge)
    {
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Convert.FromHexString(options.Secrets.PlcRotationKey), KeyLength, salt: [], "pds:command-line:1"u8.ToArray());
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{challenge} {options.Server.Port} {options.Server.ServiceIdentity}")));
    }

    /// <summary>Whether an answer is that of the server of these settings.</summary>
    public static bool IsGood(PdsOptions options, string challenge, string answer) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Answer(options, challenge)), Encoding.ASCII.GetBytes(answer));

    /// <summary>Lets the server answer challenges.</summary>
    public static void MapServerProof(this WebApplication application) => application.MapGet(Path + "{challenge}", context =>
    {
        string challenge = context.Request.RouteValues["challenge"] as string ?? "";
        if (challenge.Length != ChallengeHexDigits || !challenge.All(char.IsAsciiHexDigit))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        return context.Response.WriteAsync(Answer(context.RequestServices.GetRequiredService<IOptions<PdsOptions>>().Value, challenge), context.RequestAborted);
    });
}
