using System.Diagnostics.Metrics;
using Pds.Api.Xrpc;
using Pds.Application.Capacity;
using Pds.Domain.Identifiers;

namespace Pds.Api.RateLimits;

/// <summary>Bounds how much of one kind of work is under way and how much may wait for that, in all and for each caller.</summary>
/// <remarks>Who waits is served in order, but for callers that hold their share already: those behind them go first.</remarks>
internal sealed class CapacityGate
{
    /// <summary>Who has waited as long as that is refused: a client would rather try again than hear nothing.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(XrpcFault.RetryAfterSeconds);

    private readonly Lock _lock = new();
    private readonly CapacityBounds _bounds;
    private readonly int _heaviest;
    private readonly GateShares _shares;
    private readonly GateShares _queueShares;
    private readonly LinkedList<Waiter> _waiters = [];
    private readonly TimeProvider _time;
    private readonly Counter<long> _refusals;
    private readonly KeyValuePair<string, object?> _name;
    private int _used;
    private int _waiting;
    private bool _isRoomWaitedFor;

    /// <summary>Makes a gate.</summary>
    /// <param name="bounds">How much is let in.</param>
    /// <param name="refusals">Counts those who found it full.</param>
    /// <param name="time">Measures how long somebody has waited.</param>
    public CapacityGate(CapacityBounds bounds, Counter<long> refusals, TimeProvider time)
    {
        _bounds = bounds;
        _heaviest = CapacityShare.Of(bounds.Places, bounds.SharePercent);
        _shares = new GateShares(_heaviest);
        _queueShares = new GateShares(CapacityShare.Of(bounds.Queue, bounds.SharePercent));
        _time = time;
        _refusals = refusals;
        _name = new("pds.capacity", bounds.Name);
    }

    /// <summary>Whether somebody who comes now gets a place or may wait for one, were it not for shares.</summary>
    public bool HasRoom()
    {
        lock (_lock)
        {
            if (_used < _bounds.Places || _waiting < _bounds.Queue)
            {
                return true;
            }
        }

        return Refuse();
    }

    /// <summary>Takes places, or none; to be given back by <see cref="Leave"/>.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="weight">How many; more than a share count as one share.</param>
    public bool TryEnter(in CapacityCaller caller, int weight)
    {
        lock (_lock)
        {
            if (TryTake(caller, Math.Min(weight, _heaviest)))
            {
                return true;
            }
        }

        return Refuse();
    }

    /// <summary>Counts a place that is held already for an account, too, once it is known.</summary>
    public bool TryClaim(Did account) => _shares.TryTake(new CapacityCaller(UInt128.Zero, account), places: 1) || Refuse();

    /// <summary>Takes places, waiting for them where there is room for that; none when it took too long.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="weight">How many; more than a share count as one share.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<bool> EnterAsync(CapacityCaller caller, int weight, CancellationToken cancellationToken)
    {
        int places = Math.Min(weight, _heaviest);
        LinkedListNode<Waiter> node;
        lock (_lock)
        {
            if (TryTake(caller, places))
            {
                return true;
            }

            if (_waiting + places > _bounds.Queue || !_queueShares.TryTake(caller, places))
            {
                return Refuse();
            }

            _waiting += places;
            node = _waiters.AddLast(new Waiter(caller, places));
            LetIn();
        }

        using CancellationTokenSource patience = new(Patience, _time);
        await using CancellationTokenRegistration late = patience.Token.UnsafeRegister(_ => GiveUp(node), null);
        await using CancellationTokenRegistration gone = cancellationToken.UnsafeRegister(_ => GiveUp(node), null);
        if (await node.Value.Turn.Task)
        {
            return true;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Refuse();
    }

    /// <summary>Gives places back that were entered.</summary>
    /// <param name="caller">Who, with the account if it was claimed.</param>
    /// <param name="weight">As many as were entered.</param>
    public void Leave(in CapacityCaller caller, int weight)
    {
        lock (_lock)
        {
            int places = Math.Min(weight, _heaviest);
            _shares.GiveBack(caller, places);
            _used -= places;
            LetIn();
        }
    }

    /// <summary>Nobody overtakes one who waits for room; those who wait for their own share only are no obstacle.</summary>
    private bool TryTake(in CapacityCaller caller, int places)
    {
        if (_isRoomWaitedFor || !_shares.TryTake(caller, places))
        {
            return false;
        }

        if (_used + places > _bounds.Places)
        {
            _shares.GiveBack(caller, places);
            return false;
        }

        _used += places;
        return true;
    }

    private void LetIn()
    {
        _isRoomWaitedFor = false;
        LinkedListNode<Waiter>? node = _waiters.First;
        while (node is not null)
        {
            LinkedListNode<Waiter>? next = node.Next;
            Waiter waiter = node.Value;
            if (_shares.TryTake(waiter.Caller, waiter.Places))
            {
                if (_used + waiter.Places > _bounds.Places)
                {
                    _shares.GiveBack(waiter.Caller, waiter.Places);
                    _isRoomWaitedFor = true;
                    return;
                }

                _used += waiter.Places;
                Remove(node);
                waiter.Turn.SetResult(true);
            }

            node = next;
        }
    }

    private void GiveUp(LinkedListNode<Waiter> node)
    {
        lock (_lock)
        {
            if (node.List is not null)
            {
                Remove(node);
                node.Value.Turn.SetResult(false);
                LetIn();
            }
        }
    }

    private void Remove(LinkedListNode<Waiter> node)
    {
        _waiters.Remove(node);
        _waiting -= node.Value.Places;
        _queueShares.GiveBack(node.Value.Caller, node.Value.Places);
    }

    private bool Refuse()
    {
        _refusals.Add(1, _name);
        return false;
    }

    private sealed record Waiter(CapacityCaller Caller, int Places)
    {
        public TaskCompletionSource<bool> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>How much a gate lets in.</summary>
/// <param name="Name">What it bounds, for measurements.</param>
/// <param name="Places">How many places there are.</param>
/// <param name="Queue">How many places those who wait may ask for together.</param>
/// <param name="SharePercent">How much of both one account or one network may have, 1 to 100.</param>
internal sealed record CapacityBounds(string Name, int Places, int Queue, int SharePercent);
