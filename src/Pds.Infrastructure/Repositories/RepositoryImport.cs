using System.IO.Pipelines;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pds.Application.Repositories;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>
/// Takes an archive in three steps: its blocks into a file, so that the database is not held up by a slow client; its records and nodes, checked
/// on the way, into staged rows; and these into the place of the account's rows, in one transaction.
/// </summary>
internal sealed partial class RepositoryImport(
    RepositoryLanes lanes, LaneContext context, BlobIndex blobs, StorageSettings options, FullDisk disk, ILogger<RepositoryImport> logger)
    : IRepositoryImport, IHostedService
{
    private const int MaxAttempts = 5;
    private const int PipeBytes = 64 * 1024;

    private readonly HashSet<Did> _running = [];
    private long _lastStagingId;

    private string Folder => Path.Combine(options.DataDirectory, "imports");

    /// <summary>Clears away what imports left behind that were under way when the server stopped.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        await DiscardAsync(long.MinValue, -1);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task ImportAsync(Did did, Stream archive, ImportPolicy policy, CancellationToken cancellationToken)
    {
        Enter(did);
        try
        {
            Directory.CreateDirectory(Folder);
            using ImportBlocks staged = ImportBlocks.Create(Folder);
            RepositoryArchive opened = RepositoryArchive.Over(await ReceiveAsync(archive, staged, cancellationToken), staged.Find);
            policy.Require(opened.Commit);
            await ImportAsync(did, opened, policy, cancellationToken);
        }
        catch (FormatException e)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, e.Message);
        }
        catch (IOException e) when (FullDisk.IsCause(e))
        {
            throw disk.Report(Folder);
        }
        finally
        {
            Leave(did);
        }
    }

    private async Task ImportAsync(Did did, RepositoryArchive archive, ImportPolicy policy, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            RepositoryLane lane = lanes.Find(did)
                ?? throw new XrpcException(RepositoryErrors.RepoNotFound, $"Could not find repo for DID: {did}");
            try
            {
                if (await lane.TryReplaceAsync((head, signer) => ReplaceAsync(lane.AccountId, head, signer, archive, policy, cancellationToken), cancellationToken))
                {
                    await PromoteUploadsAsync(did, lane.AccountId);
                    return;
                }
            }
            catch (ConcurrentWriteException) when (attempt < MaxAttempts)
            {
                // the account was activated, say: its head is another one now
            }
        }
    }

    private async Task ReplaceAsync(
        long accountId, StoredHead head, ISigner signer, RepositoryArchive archive, ImportPolicy policy, CancellationToken cancellationToken)
    {
        Commit imported = archive.Commit;
        if (policy.FindRevision(head.Commit, imported) is not { } rev)
        {
            return;
        }

        long stagingId = Interlocked.Decrement(ref _lastStagingId);
        try
        {
            var stage = new ImportStage(stagingId, rev, context, policy, logger);
            using (ReadLease lease = context.Readers.Rent())
            {
                await stage.FillAsync(lease.Part<RepositoryReader>().ReadEntries(accountId), archive, cancellationToken);
            }

            Commit commit = Commit.Sign(imported.Did, imported.Data, stage.Rev, signer);
            await context.Log.AppendAsync(new ImportReplacement(accountId, stagingId, head, commit, policy, context.Time.GetUtcNow()));
            LogImported(logger, imported.Did, stage.Records, commit.Rev);
        }
        catch
        {
            await DiscardAsync(stagingId, stagingId);
            throw;
        }
    }

    // Blobs may have come before the records that refer to them.
    private async Task PromoteUploadsAsync(Did did, long accountId)
    {
        List<Cid> uploads;
        using (ReadLease lease = context.Readers.Rent())
        {
            uploads = lease.Part<BlobReader>().ListReferencedUploads(accountId);
        }

        foreach (Cid cid in uploads)
        {
            await blobs.PromoteAsync(did, accountId, cid, CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<Cid>> ReceiveAsync(Stream archive, ImportBlocks staged, CancellationToken cancellationToken)
    {
        PipeReader pipe = PipeReader.Create(archive, new StreamPipeReaderOptions(bufferSize: PipeBytes, leaveOpen: true));
        try
        {
            CarReader car = await CarReader.OpenAsync(pipe, new CarLimits(), cancellationToken);
            await foreach (Block block in car.ReadBlocksAsync(cancellationToken))
            {
                await staged.AddAsync(block, cancellationToken);
            }

            await staged.SealAsync(cancellationToken);
            return car.Roots;
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private async Task DiscardAsync(long first, long last)
    {
        ImportDiscard step;
        do
        {
            step = new ImportDiscard(first, last);
            await context.Log.AppendAsync(step);
        }
        while (!step.IsDone);
    }

    // Each takes as much room on the disk as the client likes, so one at a time.
    private void Enter(Did did)
    {
        lock (_running)
        {
            if (!_running.Add(did))
            {
                throw new XrpcException(RequestErrors.InvalidRequest, "Another import of this repository is under way");
            }
        }
    }

    private void Leave(Did did)
    {
        lock (_running)
        {
            _running.Remove(did);
        }
    }

    [LoggerMessage(EventId = 2031, Level = LogLevel.Information, Message = "Imported {Did}: {Records} records, revision {Rev}")]
    private static partial void LogImported(ILogger logger, Did did, long records, Tid rev);
}
