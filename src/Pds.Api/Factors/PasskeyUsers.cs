using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using Pds.Application.Factors;

namespace Pds.Api.Factors;

/// <summary>Whom a passkey signs in, as ASP.NET Core Identity sees it.</summary>
/// <param name="UserHandle">By what authenticators know the account.</param>
internal sealed record PasskeyUser(string UserHandle);

/// <summary>Shows our passkeys to ASP.NET Core Identity. It only reads: what a ceremony has proved is kept by our use cases.</summary>
internal sealed class PasskeyUsers(IPasskeyStore passkeys) : IUserPasskeyStore<PasskeyUser>
{
    public async Task<PasskeyUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        (await passkeys.ListAsync(userId, cancellationToken)).Count > 0 ? new PasskeyUser(userId) : null;

    public async Task<PasskeyUser?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await passkeys.FindAsync(Base64Url.EncodeToString(credentialId), cancellationToken) is { } passkey ? new PasskeyUser(passkey.UserHandle) : null;

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyUser user, byte[] credentialId, CancellationToken cancellationToken) =>
        await passkeys.FindAsync(Base64Url.EncodeToString(credentialId), cancellationToken) is { } passkey && passkey.UserHandle == user.UserHandle ? Describe(passkey) : null;

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyUser user, CancellationToken cancellationToken) =>
        [.. (await passkeys.ListAsync(user.UserHandle, cancellationToken)).Select(Describe)];

    public Task<string> GetUserIdAsync(PasskeyUser user, CancellationToken cancellationToken) => Task.FromResult(user.UserHandle);

    public Task<string?> GetUserNameAsync(PasskeyUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.UserHandle);

    public void Dispose()
    {
        // holds nothing
    }

    public Task AddOrUpdatePasskeyAsync(PasskeyUser user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw ReadOnly();

    public Task RemovePasskeyAsync(PasskeyUser user, byte[] credentialId, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<IdentityResult> CreateAsync(PasskeyUser user, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<IdentityResult> UpdateAsync(PasskeyUser user, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<IdentityResult> DeleteAsync(PasskeyUser user, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<PasskeyUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw ReadOnly();

    public Task<string?> GetNormalizedUserNameAsync(PasskeyUser user, CancellationToken cancellationToken) => throw ReadOnly();

    public Task SetNormalizedUserNameAsync(PasskeyUser user, string? normalizedName, CancellationToken cancellationToken) => throw ReadOnly();

    public Task SetUserNameAsync(PasskeyUser user, string? userName, CancellationToken cancellationToken) => throw ReadOnly();

    private static NotSupportedException ReadOnly() => new("Ceremonies only read passkeys.");

    /// <summary>Attestations are neither asked for nor kept.</summary>
    private static UserPasskeyInfo Describe(Passkey passkey) => new(
        Base64Url.DecodeFromChars(passkey.Id),
        passkey.PublicKey.ToArray(),
        passkey.CreatedAt,
        passkey.SignCount,
        [.. passkey.Transports],
        isUserVerified: true,
        passkey.IsBackupEligible,
        passkey.IsBackedUp,
        attestationObject: [],
        clientDataJson: []);
}
