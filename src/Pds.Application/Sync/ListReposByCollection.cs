using FluentValidation;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Sync;

/// <summary>Lists the active accounts of this server that have records in a collection. Lexicon: <c>com.atproto.sync.listReposByCollection</c>.</summary>
/// <remarks>An addition: other PDSes leave the method to relays.</remarks>
/// <param name="Collection">Which collection.</param>
[XrpcMethod("com.atproto.sync.listReposByCollection")]
public sealed record ListReposByCollectionQuery(Nsid Collection) : IQuery<ListReposByCollectionOutput>, IAnonymousRequest
{
    /// <summary>At most so many, 1 to 2000; 500 by default.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>The cursor of the page before.</summary>
    public string? Cursor { get; init; }
}

/// <summary>Output of <see cref="ListReposByCollectionQuery"/>.</summary>
/// <param name="Cursor">Where the next page starts; <see langword="null"/> when this is the last.</param>
/// <param name="Repos">The page, in ascending order.</param>
public sealed record ListReposByCollectionOutput(string? Cursor, IReadOnlyList<CollectionRepo> Repos);

/// <summary>One repository of a page.</summary>
/// <param name="Did">Whose.</param>
public sealed record CollectionRepo(Did Did);

internal sealed class ListReposByCollectionValidator : AbstractValidator<ListReposByCollectionQuery>
{
    public ListReposByCollectionValidator() =>
        RuleFor(query => query.Limit).InclusiveBetween(1, 2000).WithMessage("limit must be between 1 and 2000");
}

internal sealed class ListReposByCollectionHandler(IRecordStore records) : IRequestHandler<ListReposByCollectionQuery, ListReposByCollectionOutput>
{
    public async Task<ListReposByCollectionOutput> Handle(ListReposByCollectionQuery request, CancellationToken cancellationToken)
    {
        Did? after = null;
        if (request.Cursor is not null)
        {
            after = Did.TryParse(request.Cursor, out Did last) ? last : throw new XrpcException(RequestErrors.InvalidRequest, "Malformed cursor");
        }

        IReadOnlyList<Did> dids = await records.ListReposAsync(request.Collection, after, request.Limit, cancellationToken);
        return new ListReposByCollectionOutput(dids.Count < request.Limit ? null : dids[^1].ToString(), [.. dids.Select(did => new CollectionRepo(did))]);
    }
}
