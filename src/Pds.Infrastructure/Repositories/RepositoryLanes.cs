using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Repositories;

/// <summary>The lanes in use. One is made when its repository is first asked for and dropped when nobody has asked for a while.</summary>
internal sealed class RepositoryLanes(AccountIds accounts, LaneContext context) : IHostedService, IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Did, RepositoryLane> _lanes = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _sweeping = Task.CompletedTask;

    /// <summary>The lane of a repository, or <see langword="null"/> when there is no such account.</summary>
    public RepositoryLane? Find(Did did)
    {
        if (_lanes.TryGetValue(did, out RepositoryLane? lane))
        {
            return lane;
        }

        return accounts.Find(did) is { } accountId
            ? _lanes.GetOrAdd(did, static (key, state) => new RepositoryLane(key, state.accountId, state.context), (accountId, context))
            : null;
    }

    /// <summary>To be called when an account is gone.</summary>
    public void Forget(Did did)
    {
        accounts.Forget(did);
        _lanes.TryRemove(did, out _);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _sweeping = SweepAsync();
        return Task.CompletedTask;
    }

    /// <summary>Checkpoints every lane, so that the next start finds each tree as it was.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _sweeping;
        foreach ((Did did, RepositoryLane lane) in _lanes)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return; // a tree that is not checkpointed is rebuilt when it is next needed
            }

            await RetireAsync(did, lane);
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepInterval, context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                await RetireIdleAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // the server stops
        }
    }

    private async Task RetireIdleAsync()
    {
        KeyValuePair<Did, RepositoryLane>[] byAge = [.. _lanes.OrderBy(pair => pair.Value.LastUsed)];
        int excess = byAge.Length - context.Policy.MaxLanes;
        for (int i = 0; i < byAge.Length; i++)
        {
            (Did did, RepositoryLane lane) = byAge[i];
            if (i >= excess && context.Time.GetElapsedTime(lane.LastUsed) < context.Policy.Idle)
            {
                return;
            }

            await RetireAsync(did, lane);
        }
    }

    private async Task RetireAsync(Did did, RepositoryLane lane)
    {
        if (await lane.TryRetireAsync())
        {
            _lanes.TryRemove(new KeyValuePair<Did, RepositoryLane>(did, lane));
        }
    }
}
