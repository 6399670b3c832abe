using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Hashes passwords slowly. Only so many hashes run at once; further callers wait their turn without holding a thread.</summary>
/// <remarks>
/// The text form is <c>saltHex:hashHex</c>: scrypt with N = 16384, r = 8, p = 1 and 64 bytes of output, as the official server keeps it.
/// Callers refuse passwords beyond their limits (256 characters when set, 512 when checked) beforehand.
/// </remarks>
public interface IPasswordHasher
{
    /// <summary>Hashes an account password with a new salt.</summary>
    ValueTask<string> HashAsync(string password, CancellationToken cancellationToken);

    /// <summary>Whether a password has a given hash; <see langword="false"/> for hashes of another form, after the same time.</summary>
    ValueTask<bool> VerifyAsync(string password, string hash, CancellationToken cancellationToken);

    /// <summary>Hashes an app password. The salt follows from the DID, so that an app password can be looked up by its hash.</summary>
    /// <param name="did">Whose it is.</param>
    /// <param name="password">All 19 characters, hyphens included.</param>
    /// <param name="cancellationToken">Gives up while waiting for a turn.</param>
    ValueTask<string> HashAppPasswordAsync(Did did, string password, CancellationToken cancellationToken);
}
