using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>An import replaces records and nodes behind the back of the lane, while no writer has its turn.</summary>
internal sealed partial class RepositoryLane
{
    /// <summary>Lets somebody replace the repository; the lane starts again from the database afterwards, whatever came of it.</summary>
    /// <param name="replace">Given the head and the signer of the account. Everything committed before is durable then.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether this lane could serve at all; a retired one cannot.</returns>
    public async Task<bool> TryReplaceAsync(Func<StoredHead, ISigner, Task> replace, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_retired)
            {
                return false;
            }

            ISigner signer = await context.Keys.GetAsync(did, cancellationToken);
            await WaitQuietlyAsync(_lastHandedOver);
            await WaitQuietlyAsync(_checkpoint);
            await replace(ReadHead(), signer);
            return true;
        }
        finally
        {
            OnFailed();
            LastUsed = context.Time.GetTimestamp();
            _turn.Release();
        }
    }

    private StoredHead ReadHead()
    {
        using ReadLease lease = context.Readers.Rent();
        return lease.Part<RepositoryReader>().FindHead(accountId)
            ?? throw new XrpcException(RepositoryErrors.RepoNotFound, $"Could not find repo for DID: {did}");
    }
}
