using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>Deletes deactivated accounts when the time their owners set has come. Accounts that are taken down stay as evidence.</summary>
internal sealed partial class ScheduledDeletions(
    ReadPool readers, IAccountStore accounts, TimeProvider time, ILogger<ScheduledDeletions> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Deletes what is due.</summary>
    /// <returns>How many accounts went.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        List<Did> due;
        using (ReadLease lease = readers.Rent())
        {
            due = lease.Part<AccountReader>().ListDueDeletions(time.GetUtcNow());
        }

        foreach (Did did in due)
        {
            await DeleteAsync(did, cancellationToken);
        }

        return due.Count;
    }

    private async Task DeleteAsync(Did did, CancellationToken cancellationToken)
    {
        try
        {
            if (await accounts.DeleteAsync(did, RequireDue, cancellationToken))
            {
                LogDeleted(did.ToString());
            }
        }
        catch (XrpcException)
        {
            // Its owner came back in the meantime.
        }
    }

    private EmailToken? RequireDue(Account account) =>
        account is { TakedownRef: null, DeactivatedAt: not null, DeleteAfter: { } after } && after <= time.GetUtcNow()
            ? null
            : throw new XrpcException(RequestErrors.InvalidRequest, "The account is not due to be deleted.");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(exception);
            }
        }
    }

    [LoggerMessage(3101, LogLevel.Information, "The account {Did} was deleted: it was deactivated, and the time its owner set has come")]
    private partial void LogDeleted(string did);

    [LoggerMessage(3102, LogLevel.Error, "Accounts that are due to be deleted could not be; it is tried again in an hour")]
    private partial void LogFailed(Exception exception);
}
