using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Identity;
using Pds.Application.Pipeline;
using Pds.Application.Sync;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Repositories;

/// <summary>Tells whose a repository is and what it holds. Lexicon: <c>com.atproto.repo.describeRepo</c>.</summary>
/// <param name="Repo">Which repository.</param>
[XrpcMethod("com.atproto.repo.describeRepo")]
public sealed record DescribeRepoQuery(AtIdentifier Repo) : IQuery<DescribeRepoOutput>, IAnonymousRequest;

/// <summary>Output of <see cref="DescribeRepoQuery"/>.</summary>
/// <param name="Handle">The account's handle, <c>handle.invalid</c> when it has none.</param>
/// <param name="Did">Its DID.</param>
/// <param name="DidDoc">Its DID document as published.</param>
/// <param name="Collections">The collections that hold records.</param>
/// <param name="HandleIsCorrect">Whether the first handle of the document is <paramref name="Handle"/>.</param>
public sealed record DescribeRepoOutput(
    Handle Handle,
    Did Did,
    DidDocument DidDoc,
    IReadOnlyList<Nsid> Collections,
    bool HandleIsCorrect);

internal sealed class DescribeRepoHandler(IAccountStore accounts, IRecordStore records, IDidResolver resolver)
    : IRequestHandler<DescribeRepoQuery, DescribeRepoOutput>
{
    public async Task<DescribeRepoOutput> Handle(DescribeRepoQuery request, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireReadableAsync(request.Repo, Caller.Anonymous.Instance, cancellationToken);
        DidDocument document = await ResolveAsync(account.Did, cancellationToken);
        IReadOnlyList<Nsid> collections = await records.ListCollectionsAsync(account.Did, cancellationToken);

        return new DescribeRepoOutput(
            account.Handle ?? Domain.Identifiers.Handle.Invalid,
            account.Did,
            document,
            collections,
            account.Handle is not null && account.Handle == document.Handle);
    }

    private async ValueTask<DidDocument> ResolveAsync(Did did, CancellationToken cancellationToken)
    {
        try
        {
            if (await resolver.ResolveAsync(did, refresh: false, cancellationToken) is { } document)
            {
                return document;
            }
        }
        catch (XrpcException)
        {
            // Unreachable or unsupported: for the reader of a repository the same as unknown.
        }

        throw new XrpcException(RequestErrors.InvalidRequest, $"Could not resolve DID: {did}");
    }
}
