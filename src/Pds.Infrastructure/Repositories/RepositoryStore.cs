using Microsoft.Extensions.Logging;
using Pds.Application.Repositories;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Infrastructure.Repositories;

/// <summary>Finds the lane of a repository and asks again where a lane had to give up.</summary>
internal sealed partial class RepositoryStore(RepositoryLanes lanes, ILogger<RepositoryStore> logger) : IRepositoryStore
{
    private const int MaxAttempts = 5;

    public async Task<RepositoryChange?> WriteAsync(
        Did did, Func<Repository, CancellationToken, ValueTask<RepositoryChange?>> build, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            RepositoryLane lane = lanes.Find(did)
                ?? throw new XrpcException(RepositoryErrors.RepoNotFound, $"Could not find repo for DID: {did}");
            try
            {
                (bool served, RepositoryChange? change) = await lane.TryWriteAsync(build, cancellationToken);
                if (served)
                {
                    return change;
                }
            }
            catch (ConcurrentWriteException) when (attempt < MaxAttempts)
            {
                LogRetry(logger, did, attempt);
            }
        }
    }

    public ValueTask<Commit?> FindHeadAsync(Did did, CancellationToken cancellationToken) => new(lanes.Find(did)?.FindHead());

    public async Task<IRepositorySnapshot?> OpenSnapshotAsync(Did did, CancellationToken cancellationToken) =>
        lanes.Find(did) is { } lane ? await lane.OpenSnapshotAsync(cancellationToken) : null;

    [LoggerMessage(EventId = 2011, Level = LogLevel.Information, Message = "A write to {Did} starts again, attempt {Attempt}: the repository moved on")]
    private static partial void LogRetry(ILogger logger, Did did, int attempt);
}
