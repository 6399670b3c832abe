using FluentValidation;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Application.Blobs;

/// <summary>Lists the blobs that the caller's records refer to and that are not here. Lexicon: <c>com.atproto.repo.listMissingBlobs</c>.</summary>
/// <param name="Caller">Who asks.</param>
[XrpcMethod("com.atproto.repo.listMissingBlobs")]
public sealed record ListMissingBlobsQuery(Caller Caller) : IQuery<ListMissingBlobsOutput>, IAuthorizedRequest
{
    /// <summary>At most so many, 1 to 1000; 500 by default.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>The cursor of the page before.</summary>
    public string? Cursor { get; init; }

    /// <inheritdoc/>
    public Permission Required => Permission.Standard.OrScoped();
}

/// <summary>Output of <see cref="ListMissingBlobsQuery"/>.</summary>
/// <param name="Cursor">Where the next page starts; <see langword="null"/> when the page is empty.</param>
/// <param name="Blobs">The page.</param>
public sealed record ListMissingBlobsOutput(string? Cursor, IReadOnlyList<MissingRecordBlob> Blobs);

/// <summary>A missing blob. Lexicon: <c>com.atproto.repo.listMissingBlobs#recordBlob</c>.</summary>
/// <param name="Cid">The blob.</param>
/// <param name="RecordUri">A record that refers to it.</param>
public sealed record MissingRecordBlob(Cid Cid, AtUri RecordUri);

internal sealed class ListMissingBlobsValidator : AbstractValidator<ListMissingBlobsQuery>
{
    public ListMissingBlobsValidator() => RuleFor(query => query.Limit).InclusiveBetween(1, 1000).WithMessage("limit must be between 1 and 1000");
}

internal sealed class ListMissingBlobsHandler(IAccountStore accounts, IBlobIndex index) : IRequestHandler<ListMissingBlobsQuery, ListMissingBlobsOutput>
{
    public async Task<ListMissingBlobsOutput> Handle(ListMissingBlobsQuery request, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(request.Caller, cancellationToken);
        IReadOnlyList<MissingBlob> page = await index.ListMissingAsync(
            account.Did, BlobCursor.Parse(request.Cursor), request.Limit, cancellationToken);
        return new ListMissingBlobsOutput(
            page.Count == 0 ? null : page[^1].Cid.ToString(),
            [.. page.Select(blob => new MissingRecordBlob(blob.Cid, new AtUri(account.Did, blob.Path.Collection, blob.Path.Key)))]);
    }
}
