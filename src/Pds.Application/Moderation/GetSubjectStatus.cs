using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Blobs;
using Pds.Application.Pipeline;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>Tells which measures are in force. Lexicon: <c>com.atproto.admin.getSubjectStatus</c>.</summary>
/// <param name="Caller">The operator.</param>
/// <param name="Did">An account.</param>
/// <param name="Uri">A record; goes before <paramref name="Did"/>.</param>
/// <param name="Blob">A blob, of <paramref name="Did"/>; goes before both.</param>
[XrpcMethod("com.atproto.admin.getSubjectStatus")]
public sealed record GetSubjectStatusQuery(Caller Caller, Did? Did, AtUri? Uri, Cid? Blob) : IQuery<GetSubjectStatusOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;
}

/// <summary>The measures in force.</summary>
/// <param name="Subject">What they concern.</param>
/// <param name="Takedown">Whether it is hidden, and why.</param>
/// <param name="Deactivated">Whether it is deactivated; <see langword="null"/> unless it is an account.</param>
public sealed record GetSubjectStatusOutput(Subject Subject, SubjectStatusAttribute Takedown, SubjectStatusAttribute? Deactivated = null);

internal sealed class GetSubjectStatusHandler(IAccountStore accounts, IRecordTakedowns records, IBlobIndex blobs)
    : IRequestHandler<GetSubjectStatusQuery, GetSubjectStatusOutput>
{
    public async Task<GetSubjectStatusOutput> Handle(GetSubjectStatusQuery query, CancellationToken cancellationToken)
    {
        GetSubjectStatusOutput? status = query switch
        {
            { Blob: { } blob, Did: { } did } => await FindBlobAsync(did, blob, cancellationToken),
            { Blob: not null } => throw new XrpcException(RequestErrors.InvalidRequest, "Must provide a did to request blob state"),
            { Uri: { } uri } => await FindRecordAsync(uri, cancellationToken),
            { Did: { } did } => await FindAccountAsync(did, cancellationToken),
            _ => throw new XrpcException(RequestErrors.InvalidRequest, "No provided subject"),
        };
        return status ?? throw Subjects.NotFound();
    }

    private static SubjectStatusAttribute Takedown(string? takedownRef) => new(takedownRef is not null, takedownRef);

    private async ValueTask<GetSubjectStatusOutput?> FindBlobAsync(Did did, Cid cid, CancellationToken cancellationToken) =>
        await blobs.FindAsync(did, cid, cancellationToken) is { } blob ? new(new RepoBlobRef(did, cid), Takedown(blob.TakedownRef)) : null;

    private async ValueTask<GetSubjectStatusOutput?> FindRecordAsync(AtUri uri, CancellationToken cancellationToken)
    {
        (Did did, Domain.Repositories.RecordPath path) = await accounts.LocateAsync(uri, cancellationToken);
        return await records.FindAsync(did, path, cancellationToken) is { } record
            ? new(new StrongRef(new AtUri(did, path.Collection, path.Key), record.Cid), Takedown(record.TakedownRef))
            : null;
    }

    private async ValueTask<GetSubjectStatusOutput?> FindAccountAsync(Did did, CancellationToken cancellationToken) =>
        await accounts.FindAsync(new AtIdentifier(did), cancellationToken) is { } account
            ? new(new RepoRef(did), Takedown(account.TakedownRef), new SubjectStatusAttribute(account.DeactivatedAt is not null))
            : null;
}
