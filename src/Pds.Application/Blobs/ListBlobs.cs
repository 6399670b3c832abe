using FluentValidation;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Sync;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Blobs;

/// <summary>Lists the blobs that the records of a repository refer to, missing ones too. Lexicon: <c>com.atproto.sync.listBlobs</c>.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Caller">Who asks.</param>
[XrpcMethod("com.atproto.sync.listBlobs")]
public sealed record ListBlobsQuery(Did Did, Caller Caller) : IQuery<ListBlobsOutput>, IAnonymousRequest
{
    /// <summary>Only those of records written after that revision.</summary>
    public Tid? Since { get; init; }

    /// <summary>At most so many, 1 to 1000; 500 by default.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>The cursor of the page before.</summary>
    public string? Cursor { get; init; }
}

/// <summary>Output of <see cref="ListBlobsQuery"/>.</summary>
/// <param name="Cursor">Where the next page starts; <see langword="null"/> when the page is empty.</param>
/// <param name="Cids">The page.</param>
public sealed record ListBlobsOutput(string? Cursor, IReadOnlyList<Cid> Cids);

internal sealed class ListBlobsValidator : AbstractValidator<ListBlobsQuery>
{
    public ListBlobsValidator() => RuleFor(query => query.Limit).InclusiveBetween(1, 1000).WithMessage("limit must be between 1 and 1000");
}

internal sealed class ListBlobsHandler(IAccountStore accounts, IBlobIndex index) : IRequestHandler<ListBlobsQuery, ListBlobsOutput>
{
    public async Task<ListBlobsOutput> Handle(ListBlobsQuery request, CancellationToken cancellationToken)
    {
        await accounts.RequireReadableAsync(new AtIdentifier(request.Did), request.Caller, cancellationToken, allowTakendownSession: true);
        IReadOnlyList<Cid> page = await index.ListReferencedAsync(
            request.Did, request.Since, BlobCursor.Parse(request.Cursor), request.Limit, cancellationToken);
        return new ListBlobsOutput(page.Count == 0 ? null : page[^1].ToString(), page);
    }
}

/// <summary>The cursor of lists of blobs: the last CID of the page.</summary>
internal static class BlobCursor
{
    /// <exception cref="XrpcException">InvalidRequest: not a CID.</exception>
    public static Cid? Parse(string? cursor) =>
        cursor is null ? null
        : Cid.TryParse(cursor, out Cid cid) ? cid
        : throw new XrpcException(RequestErrors.InvalidRequest, "Malformed cursor");
}
