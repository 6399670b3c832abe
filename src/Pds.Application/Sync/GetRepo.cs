using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;

namespace Pds.Application.Sync;

/// <summary>Exports a repository as an archive. Lexicon: <c>com.atproto.sync.getRepo</c>.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Since">Only blocks that came after that revision; <see langword="null"/> for all.</param>
/// <param name="Caller">Who asks.</param>
[XrpcMethod("com.atproto.sync.getRepo")]
[RateLimit(6000, RateLimitWindow.FiveMinutes, ReplacesGlobal = true)]
public sealed record GetRepoQuery(Did Did, Tid? Since, Caller Caller) : IQuery<CarExport>, IAnonymousRequest
{
    /// <summary>Whether a taken-down account may take its data along with the session it has for leaving. Default <see langword="true"/>.</summary>
    public bool AllowTakendownSession { get; init; } = true;
}

internal sealed class GetRepoHandler(IAccountStore accounts, IRepositoryStore repositories) : IRequestHandler<GetRepoQuery, CarExport>
{
    public async Task<CarExport> Handle(GetRepoQuery request, CancellationToken cancellationToken)
    {
        await accounts.RequireReadableAsync(new AtIdentifier(request.Did), request.Caller, cancellationToken, request.AllowTakendownSession);
        IRepositorySnapshot snapshot = await repositories.OpenSnapshotAsync(request.Did, cancellationToken)
            ?? throw RepositoryAvailability.NotFound(request.Did);
        return request.Since is { } since ? new NewerBlocks(snapshot, since) : new WholeRepository(snapshot);
    }

    /// <summary>The order of <see cref="ArchiveWriter"/>, so that a reader can verify as it reads.</summary>
    private sealed class WholeRepository(IRepositorySnapshot snapshot) : CarExport(snapshot)
    {
        private protected override async ValueTask WriteBlocksAsync(CancellationToken cancellationToken)
        {
            WriteHeader(Snapshot.Head.Cid);
            foreach (Block block in ArchiveWriter.Blocks(Snapshot.Head, Snapshot.Tree, Snapshot.ReadRecordBlocks()))
            {
                await WriteAsync(block.Cid, block.Bytes, cancellationToken);
            }
        }
    }

    /// <summary>The commit, then the newer nodes, then the newer records; only a header when nothing is newer.</summary>
    private sealed class NewerBlocks(IRepositorySnapshot snapshot, Tid since) : CarExport(snapshot)
    {
        private protected override async ValueTask WriteBlocksAsync(CancellationToken cancellationToken)
        {
            WriteHeader(Snapshot.Head.Cid);
            if (Snapshot.Head.Rev <= since)
            {
                return;
            }

            await WriteAsync(Snapshot.Head.Cid, Snapshot.Head.Bytes, cancellationToken);
            foreach (MstStep step in Snapshot.Tree.WalkNewer(since))
            {
                if (step.Node is { } node)
                {
                    await WriteAsync(node.Cid, node.Bytes, cancellationToken);
                }
            }

            foreach (SnapshotRecord record in Snapshot.ReadRecords(since))
            {
                await WriteAsync(record.Cid, record.Cbor, cancellationToken);
            }
        }
    }
}
