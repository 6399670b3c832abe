using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>Tells which measures are in force. Lexicon: <c>com.atproto.admin.getSubjectStatus</c>.</summary>
/// <param name="Caller">The operator.</param>
/// <param name="Did">An account.</param>
/// <param name="Uri">A record.</param>
/// <param name="Blob">A blob, of <paramref name="Did"/>.</param>
public sealed record GetSubjectStatusQuery(Caller Caller, Did? Did, AtUri? Uri, Cid? Blob) : IQuery<GetSubjectStatusOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;
}

/// <summary>The measures in force.</summary>
/// <param name="Subject">What they concern.</param>
/// <param name="Takedown">Whether it is hidden, and why.</param>
/// <param name="Deactivated">Whether it is deactivated.</param>
public sealed record GetSubjectStatusOutput(Subject Subject, SubjectStatusAttribute Takedown, SubjectStatusAttribute Deactivated);

internal sealed class GetSubjectStatusHandler(IAccountStore accounts) : IRequestHandler<GetSubjectStatusQuery, GetSubjectStatusOutput>
{
    public async Task<GetSubjectStatusOutput> Handle(GetSubjectStatusQuery query, CancellationToken cancellationToken)
    {
        if (query is { Blob: not null, Did: null })
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "Must provide a did to request blob state");
        }

        if (query is { Did: null, Uri: null })
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "No provided subject");
        }

        // No measure can be taken against single records and blobs, so none is in force.
        return query is { Did: { } did, Uri: null, Blob: null } && await accounts.FindAsync(new AtIdentifier(did), cancellationToken) is { } account
            ? new GetSubjectStatusOutput(
                new RepoRef(did),
                new SubjectStatusAttribute(account.TakedownRef is not null, account.TakedownRef),
                new SubjectStatusAttribute(account.DeactivatedAt is not null))
            : throw new XrpcException(AccountErrors.NotFound, "Subject not found");
    }
}
