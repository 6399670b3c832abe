using MediatR;
using Pds.Application.Blobs;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Accounts;

/// <summary>Tells an owner how far a move has come. Lexicon: <c>com.atproto.server.checkAccountStatus</c>.</summary>
[XrpcMethod("com.atproto.server.checkAccountStatus")]
public sealed record CheckAccountStatusQuery(Caller Caller) : IQuery<CheckAccountStatusOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard.OrScoped();
}

/// <summary>How far the move has come.</summary>
/// <param name="Activated">Whether the account is active.</param>
/// <param name="ValidDid">Whether the published identity points here: what activation demands.</param>
/// <param name="RepoCommit">CID of the head commit.</param>
/// <param name="RepoRev">Revision of that commit.</param>
/// <param name="RepoBlocks">Blocks of the repository.</param>
/// <param name="IndexedRecords">Records.</param>
/// <param name="PrivateStateValues">Always 0.</param>
/// <param name="ExpectedBlobs">Different blobs that records refer to.</param>
/// <param name="ImportedBlobs">Blobs that are here.</param>
public sealed record CheckAccountStatusOutput(
    bool Activated, bool ValidDid, Cid RepoCommit, Tid RepoRev, long RepoBlocks, long IndexedRecords, long PrivateStateValues, long ExpectedBlobs, long ImportedBlobs);

internal sealed class CheckAccountStatusHandler(IAccountStore accounts, IRepositoryStore repositories, IBlobIndex blobs, DidCheck dids)
    : IRequestHandler<CheckAccountStatusQuery, CheckAccountStatusOutput>
{
    public async Task<CheckAccountStatusOutput> Handle(CheckAccountStatusQuery query, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(query.Caller, cancellationToken);
        bool isValid = await IsValidAsync(account, cancellationToken);
        await using IRepositorySnapshot snapshot = await repositories.OpenSnapshotAsync(account.Did, cancellationToken)
            ?? throw new XrpcException(RepositoryErrors.RepoNotFound, $"Could not find repo for DID: {account.Did}");
        (long records, long contents) = CountRecords(snapshot);
        BlobCounts counts = await blobs.CountAsync(account.Did, cancellationToken);
        long nodes = snapshot.Tree.WalkPreOrder().LongCount(step => step.Node is not null);
        return new CheckAccountStatusOutput(account.IsActive, isValid, snapshot.Head.Cid, snapshot.Head.Rev, 1 + nodes + contents, records, 0, counts.Expected, counts.Imported);
    }

    /// <summary>Records; their different contents, which are one block each.</summary>
    private static (long Records, long Contents) CountRecords(IRepositorySnapshot snapshot)
    {
        long records = 0;
        var contents = new HashSet<Cid>();
        foreach (SnapshotRecord record in snapshot.ReadRecords())
        {
            records++;
            contents.Add(record.Cid);
        }

        return (records, contents.Count);
    }

    /// <summary>A directory that is out of order makes the identity unproven, not the question wrong.</summary>
    private async ValueTask<bool> IsValidAsync(Account account, CancellationToken cancellationToken)
    {
        try
        {
            return await dids.FindFaultAsync(account, cancellationToken) is null;
        }
        catch (XrpcException)
        {
            return false;
        }
    }
}
