using System.Security.Cryptography;
using System.Text;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Asks browsers for passkeys, and takes their answers: one for each challenge, from the same browser, within five minutes.</summary>
internal sealed class PasskeyChallenges(IPasskeyChallengeStore store, TimeProvider time)
{
    private const int IdBytes = 16;

    /// <summary>By what authenticators know an account: at most 64 bytes, and nothing about its owner.</summary>
    public static string UserHandleOf(Did did) => System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"passkeys of {did}")));

    /// <summary>Keeps a ceremony that has begun.</summary>
    public async Task<PasskeyQuestion> AskAsync(PasskeyCeremony ceremony, string deviceId, Did? did, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        string id = $"chl-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes))}";
        await store.AddAsync(new PasskeyChallenge(id, deviceId, did, ceremony.State, now + FactorLimits.Challenge), now, cancellationToken);
        return new PasskeyQuestion(id, ceremony.Options);
    }

    /// <summary>The state of the ceremony that an answer belongs to. It cannot be answered again, right or wrong.</summary>
    /// <exception cref="XrpcException">InvalidRequest: over, answered, or another's.</exception>
    public async Task<string> TakeAsync(string id, string deviceId, Did? did, CancellationToken cancellationToken) =>
        await store.TakeAsync(id, cancellationToken) is { } challenge && challenge.DeviceId == deviceId && challenge.Did == did && challenge.ExpiresAt > time.GetUtcNow()
            ? challenge.State
            : throw new XrpcException(RequestErrors.InvalidRequest, "That took too long, or was answered already. Try again.");
}

/// <summary>What a browser is asked for.</summary>
/// <param name="Id">By what its answer names the question.</param>
/// <param name="Options">The options of WebAuthn as JSON.</param>
public sealed record PasskeyQuestion(string Id, string Options);

/// <summary>What a browser answers.</summary>
/// <param name="QuestionId">The question.</param>
/// <param name="Credential">The credential as JSON.</param>
public sealed record PasskeyAnswer(string QuestionId, string Credential);
