using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

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

    /// <summary>To be called when something beside the lane has changed what its next commit is compared with.</summary>
    public void Reload(Did did)
    {
        if (_lanes.TryGetValue(did, out RepositoryLane? lane))
        {
            lane.OnFailed();
        }
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
        try
        {
            foreach ((Did did, RepositoryLane lane) in _lanes)
            {
                await RetireAsync(did, lane, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // no time left; a tree that is not checkpointed is rebuilt when it is next needed
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
                await RetireUnusedAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // the server stops
        }
    }

    /// <summary>Ends the lanes that nobody has used for a while, and as many others as there are too many, or take too much memory.</summary>
    internal async Task RetireUnusedAsync(CancellationToken cancellationToken)
    {
        CheckpointPolicy policy = context.Policy;
        var byAge = _lanes.Select(pair => (Did: pair.Key, Lane: pair.Value, Bytes: pair.Value.CountLoadedBytes())).OrderBy(entry => entry.Lane.LastUsed).ToList();
        int lanes = byAge.Count;
        long bytes = byAge.Sum(entry => entry.Bytes);
        foreach ((Did did, RepositoryLane lane, long loaded) in byAge)
        {
            if (lanes <= policy.MaxLanes && bytes <= policy.LoadedBytes && context.Time.GetElapsedTime(lane.LastUsed) < policy.Idle)
            {
                return;
            }

            await RetireAsync(did, lane, cancellationToken);
            lanes--;
            bytes -= loaded;
        }
    }

    private async Task RetireAsync(Did did, RepositoryLane lane, CancellationToken cancellationToken)
    {
        if (await lane.TryRetireAsync(cancellationToken))
        {
            _lanes.TryRemove(new KeyValuePair<Did, RepositoryLane>(did, lane));
        }
    }
}
