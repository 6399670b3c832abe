using FluentValidation;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>Reads one record. Lexicon: <c>com.atproto.repo.getRecord</c>. Answers <see langword="null"/> when there is no active repository of that name here: others may have it.</summary>
/// <param name="Repo">Whose.</param>
/// <param name="Collection">Its collection.</param>
/// <param name="Rkey">Its key.</param>
/// <param name="Cid">
/// The version asked for, which must be the current one; <see langword="null"/> for whatever is current. As text, because it may be a CID of a
/// kind that records here never have, and such a version is not found rather than malformed.
/// </param>
[XrpcMethod("com.atproto.repo.getRecord")]
public sealed record GetRecordQuery(AtIdentifier Repo, Nsid Collection, RecordKey Rkey, string? Cid)
    : IQuery<GetRecordOutput?>, IAnonymousRequest;

/// <summary>Output of <see cref="GetRecordQuery"/>.</summary>
/// <param name="Uri">Where the record is.</param>
/// <param name="Cid">CID of the record.</param>
/// <param name="Value">The content.</param>
public sealed record GetRecordOutput(AtUri Uri, Cid Cid, DataMap Value);

internal sealed class GetRecordValidator : AbstractValidator<GetRecordQuery>
{
    public GetRecordValidator() => RuleFor(query => query.Cid).Must(cid => cid is null || CidSyntax.IsValid(cid)).WithMessage("cid must be a CID");
}

internal sealed class GetRecordHandler(IAccountStore accounts, IRecordStore records)
    : IRequestHandler<GetRecordQuery, GetRecordOutput?>
{
    public async Task<GetRecordOutput?> Handle(GetRecordQuery request, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(request.Repo, cancellationToken) is not { IsActive: true, Did: var did })
        {
            return null;
        }

        if (await records.FindAsync(did, new RecordPath(request.Collection, request.Rkey), cancellationToken) is { } record
            && (request.Cid is null || request.Cid == record.Cid.ToString()))
        {
            return new GetRecordOutput(new AtUri(did, request.Collection, request.Rkey), record.Cid, record.Record);
        }

        throw new XrpcException(
            RepositoryErrors.RecordNotFound,
            $"Could not locate record: at://{request.Repo}/{request.Collection}/{request.Rkey}");
    }
}
