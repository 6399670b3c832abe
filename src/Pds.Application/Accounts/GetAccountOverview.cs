using MediatR;
using Pds.Application.Blobs;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Domain.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Tells the caller what there is to know of its account.</summary>
public sealed record GetAccountOverviewQuery(Caller Caller) : IQuery<GetAccountOverviewOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full;
}

/// <summary>The account.</summary>
public sealed record GetAccountOverviewOutput
{
    /// <summary>Its DID.</summary>
    public required Did Did { get; init; }

    /// <summary>Its handle; <c>handle.invalid</c> when it has none.</summary>
    public required Handle Handle { get; init; }

    /// <summary>Its address; <see langword="null"/> when it has none.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the address was confirmed.</summary>
    public bool IsEmailConfirmed { get; init; }

    /// <summary>Whether signing in needs a code from the mailbox.</summary>
    public bool EmailAuthFactor { get; init; }

    /// <summary>Why it is not active; <see langword="null"/> when it is.</summary>
    public AccountStatus? Status { get; init; }

    /// <summary>When it was made here.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How many records there are.</summary>
    public long Records { get; init; }

    /// <summary>How many files there are, and how many records refer to.</summary>
    public required BlobCounts Blobs { get; init; }

    /// <summary>The DID only: the address stays out of logs.</summary>
    public override string ToString() => Did.ToString();
}

internal sealed class GetAccountOverviewHandler(IAccountStore accounts, IRepositoryStore repositories, IBlobIndex blobs)
    : IRequestHandler<GetAccountOverviewQuery, GetAccountOverviewOutput>
{
    public async Task<GetAccountOverviewOutput> Handle(GetAccountOverviewQuery query, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(query.Caller, cancellationToken);
        await using IRepositorySnapshot? snapshot = await repositories.OpenSnapshotAsync(account.Did, cancellationToken);
        return new GetAccountOverviewOutput
        {
            Did = account.Did,
            Handle = account.ShownHandle,
            Email = account.Email,
            IsEmailConfirmed = account.EmailConfirmedAt is not null,
            EmailAuthFactor = account.EmailAuthFactor,
            Status = account.Status,
            CreatedAt = account.CreatedAt,
            Records = snapshot?.ReadRecords().LongCount() ?? 0,
            Blobs = await blobs.CountAsync(account.Did, cancellationToken),
        };
    }
}
