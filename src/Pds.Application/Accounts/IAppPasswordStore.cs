using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Keeps app passwords.</summary>
public interface IAppPasswordStore
{
    /// <summary>The app password with that hash; the salt follows from the DID, so equal passwords have equal hashes.</summary>
    ValueTask<AppPassword?> FindAsync(Did did, string passwordHash, CancellationToken cancellationToken);

    /// <summary>All of an account, newest first.</summary>
    ValueTask<IReadOnlyList<AppPassword>> ListAsync(Did did, CancellationToken cancellationToken);

    /// <summary>Keeps one; <see langword="false"/> when the account has one of that name.</summary>
    /// <param name="proof">What the session that makes it was judged by.</param>
    /// <param name="password">The app password.</param>
    /// <param name="passwordHash">Its hash.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when the proof does not hold any more.</exception>
    Task<bool> AddAsync(SignInProof proof, AppPassword password, string passwordHash, CancellationToken cancellationToken);

    /// <summary>Forgets one, if there is one of that name, and ends the sessions made with it.</summary>
    Task RemoveAsync(Did did, string name, CancellationToken cancellationToken);
}

/// <summary>A password for one program, revocable on its own.</summary>
/// <param name="Name">What its owner calls it; unique within the account.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Privileged">Whether it opens direct messages, too.</param>
public sealed record AppPassword(string Name, DateTimeOffset CreatedAt, bool Privileged);
