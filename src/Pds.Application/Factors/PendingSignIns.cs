using System.Security.Cryptography;
using Pds.Application.Accounts;

namespace Pds.Application.Factors;

/// <summary>Keeps sign-ins that have got past the password and not past the second factor, so that nobody has to write the password twice.</summary>
public interface IPendingSignInStore
{
    /// <summary>Keeps one, and forgets those that are over.</summary>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when its proof does not hold any more.</exception>
    Task AddAsync(PendingSignIn pending, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>One, whatever its age, or <see langword="null"/>.</summary>
    ValueTask<PendingSignIn?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Forgets one, if it is known.</summary>
    Task RemoveAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A sign-in on a page that waits for the second factor. It ends with the password it was begun with.</summary>
/// <param name="Id">By what the page names it.</param>
/// <param name="DeviceId">The browser; no other one may go on with it.</param>
/// <param name="Proof">What the password was judged by.</param>
/// <param name="Remember">Whether the browser shall remember the sign-in.</param>
/// <param name="ExpiresAt">When it is over.</param>
public sealed record PendingSignIn(string Id, string DeviceId, SignInProof Proof, bool Remember, DateTimeOffset ExpiresAt);

/// <summary>Begins and finds sign-ins that wait for the second factor.</summary>
internal sealed class PendingSignIns(IPendingSignInStore store, TimeProvider time)
{
    private const int IdBytes = 32;

    /// <summary>Keeps a sign-in; the password was right.</summary>
    /// <returns>By what the page names it.</returns>
    public async Task<string> BeginAsync(SignInProof proof, string deviceId, bool remember, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        string id = $"pen-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes))}";
        await store.AddAsync(new PendingSignIn(id, deviceId, proof, remember, now + FactorLimits.Pending), now, cancellationToken);
        return id;
    }

    /// <summary>A sign-in of a browser, or <see langword="null"/> when it is over, or another's.</summary>
    public async ValueTask<PendingSignIn?> FindAsync(string id, string deviceId, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } pending && pending.DeviceId == deviceId && pending.ExpiresAt > time.GetUtcNow() ? pending : null;

    /// <summary>Ends one: it got past the second factor.</summary>
    public Task EndAsync(PendingSignIn pending, CancellationToken cancellationToken) => store.RemoveAsync(pending.Id, cancellationToken);
}
