using MediatR;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;

namespace Pds.Application.Repositories;

/// <summary>Makes the caller's repository what an archive says. Lexicon: <c>com.atproto.repo.importRepo</c>.</summary>
/// <param name="Caller">Whose repository.</param>
/// <param name="Archive">The CAR; read once, to its end.</param>
public sealed record ImportRepoCommand(Caller Caller, Stream Archive) : ICommand<Unit>, IAuthorizedRequest
{
    /// <summary>Judges the writes; sends each of its parts as a <see cref="ReviewImportCommand"/>, so that whatever watches writes sees them.</summary>
    public required ImportReview Review { get; init; }

    /// <inheritdoc/>
    public Permission Required => Access;

    internal static Permission Access => Permission.Full with { RefuseTakendown = true, Scoped = [new ScopeDemand.Account("repo", Manage: true)] };
}

internal sealed class ImportRepoHandler(IRepositoryImport repositories, RepositorySettings options, TidClock clock, TimeProvider time)
    : IRequestHandler<ImportRepoCommand, Unit>
{
    public async Task<Unit> Handle(ImportRepoCommand command, CancellationToken cancellationToken)
    {
        if (!options.AcceptingImports)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "Service is not accepting repo imports");
        }

        Did did = command.Caller.Account!.Value;
        await repositories.ImportAsync(did, command.Archive, new ImportPolicy(did, command.Review, clock, time), cancellationToken);
        return Unit.Value;
    }
}

/// <summary>Decides what becomes of an archive: whether it may take the place of the repository, under which revision, and what announces that.</summary>
public sealed class ImportPolicy
{
    /// <summary>Consumers refuse revisions that are further ahead.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(5);

    private readonly Did _did;
    private readonly ImportReview _review;
    private readonly TidClock _clock;
    private readonly TimeProvider _time;

    internal ImportPolicy(Did did, ImportReview review, TidClock clock, TimeProvider time)
    {
        _did = did;
        _review = review;
        _clock = clock;
        _time = time;
    }

    /// <summary>Requires that the archive is one of this repository.</summary>
    /// <param name="imported">The commit of the archive.</param>
    /// <exception cref="XrpcException">InvalidRequest.</exception>
    public void Require(Commit imported)
    {
        if (imported.Did != _did)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"The archive is that of another repository: {imported.Did}");
        }
    }

    /// <summary>The revision of the commit that follows: greater than any earlier one and, unless that lies in the future, than the archive's.</summary>
    /// <param name="head">The head of the repository.</param>
    /// <param name="imported">The commit of the archive.</param>
    /// <returns><see langword="null"/> when nothing is to change: the repository holds just these records already and is ahead of the archive.</returns>
    public Tid? FindRevision(Commit head, Commit imported)
    {
        if (imported.Data == head.Data && imported.Rev < head.Rev)
        {
            return null;
        }

        // A revision that consumers refuse for lying in the future has never been seen by them, and would make ours be refused too.
        bool isFuture = imported.Rev.UnixMicroseconds / 1000 > (_time.GetUtcNow() + MaxAhead).ToUnixTimeMilliseconds();
        return _clock.NextAfter(isFuture || imported.Rev < head.Rev ? head.Rev : imported.Rev);
    }

    /// <summary>Judges some of the writes before they are kept.</summary>
    /// <param name="writes">The records to be written, as updates, and those to be removed; not those that stay as they are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task ReviewAsync(IReadOnlyList<ProposedWrite> writes, CancellationToken cancellationToken) => _review(writes, cancellationToken);

    /// <summary>What announces the new commit: nothing while the account is not active, otherwise a <c>#sync</c>, since consumers could not follow by commits.</summary>
    /// <param name="commit">The new commit.</param>
    /// <param name="isActive">Whether the account is active when the commit is kept.</param>
    public IReadOnlyList<RepoEvent> Announce(Commit commit, bool isActive) => isActive ? [new SyncEvent(commit)] : [];
}
