using Pds.Application.Identity;
using Pds.Application.Settings;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Accounts;

/// <summary>A session with its tokens: what <c>createSession</c> and <c>refreshSession</c> answer.</summary>
public sealed record SessionOutput
{
    /// <summary>Opens methods, for two hours.</summary>
    public required string AccessJwt { get; init; }

    /// <summary>Gets the next pair of tokens.</summary>
    public required string RefreshJwt { get; init; }

    /// <summary>The handle, or <c>handle.invalid</c>.</summary>
    public required Handle Handle { get; init; }

    /// <summary>The account.</summary>
    public required Did Did { get; init; }

    /// <summary>Its DID document as it is published now: clients follow it to another server.</summary>
    public DidDocument? DidDoc { get; init; }

    /// <summary>Its address.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the address was confirmed.</summary>
    public bool? EmailConfirmed { get; init; }

    /// <summary>Whether signing in needs a token from the mailbox.</summary>
    public bool? EmailAuthFactor { get; init; }

    /// <summary>Whether the account is active.</summary>
    public bool? Active { get; init; }

    /// <summary>Why it is not.</summary>
    public string? Status { get; init; }

    /// <summary>The account only: tokens stay out of logs.</summary>
    public override string ToString() => Did.ToString();
}

/// <summary>A session without tokens: what <c>getSession</c> answers.</summary>
public sealed record SessionInfo
{
    /// <summary>The handle, or <c>handle.invalid</c>.</summary>
    public required Handle Handle { get; init; }

    /// <summary>The account.</summary>
    public required Did Did { get; init; }

    /// <summary>Its DID document as it is published now.</summary>
    public DidDocument? DidDoc { get; init; }

    /// <summary>Its address.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the address was confirmed.</summary>
    public bool? EmailConfirmed { get; init; }

    /// <summary>Whether signing in needs a token from the mailbox.</summary>
    public bool? EmailAuthFactor { get; init; }

    /// <summary>Whether the account is active.</summary>
    public bool? Active { get; init; }

    /// <summary>Why it is not.</summary>
    public string? Status { get; init; }

    /// <summary>The account only: the address stays out of logs.</summary>
    public override string ToString() => Did.ToString();
}

/// <summary>Describes accounts to their owners.</summary>
internal sealed class SessionAnswers(AccountSettings options, IDidResolver resolver)
{
    public async ValueTask<SessionOutput> DescribeAsync(Account account, string accessJwt, string refreshJwt, CancellationToken cancellationToken) => new()
    {
        AccessJwt = accessJwt,
        RefreshJwt = refreshJwt,
        Handle = account.ShownHandle,
        Did = account.Did,
        DidDoc = await FindDidDocAsync(account.Did, refresh: false, cancellationToken),
        Email = account.Email,
        EmailConfirmed = account.EmailConfirmedAt is not null,
        EmailAuthFactor = account.NeedsSignInToken,
        Active = account.IsActive,
        Status = account.Status?.ToName(),
    };

    public async ValueTask<SessionInfo> DescribeAsync(Account account, CancellationToken cancellationToken) => new()
    {
        Handle = account.ShownHandle,
        Did = account.Did,
        DidDoc = await FindDidDocAsync(account.Did, refresh: false, cancellationToken),
        Email = account.Email,
        EmailConfirmed = account.EmailConfirmedAt is not null,
        EmailAuthFactor = account.NeedsSignInToken,
        Active = account.IsActive,
        Status = account.Status?.ToName(),
    };

    /// <summary>The published document where answers about sessions carry it, else <see langword="null"/>.</summary>
    public ValueTask<DidDocument?> FindDidDocAsync(Did did, bool refresh, CancellationToken cancellationToken) =>
        options.DidDocWithSession ? ResolveDidDocAsync(did, refresh, cancellationToken) : ValueTask.FromResult<DidDocument?>(null);

    /// <summary>The published document; <see langword="null"/> when it cannot be resolved: neither signing in nor signing up depends on it.</summary>
    public async ValueTask<DidDocument?> ResolveDidDocAsync(Did did, bool refresh, CancellationToken cancellationToken)
    {
        try
        {
            return await resolver.ResolveAsync(did, refresh, cancellationToken);
        }
        catch (XrpcException)
        {
            return null;
        }
    }
}
