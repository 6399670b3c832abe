using System.Runtime.CompilerServices;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Api.RateLimits;

/// <summary>The places that one request holds until it is answered: one of all requests, and those of the gates for special work.</summary>
/// <param name="network">Whose share they are, before the account is known.</param>
internal sealed class CapacityPass(UInt128 network) : IDisposable
{
    private const int MaxGates = 3;

    private Places _places;
    private int _count;

    /// <summary>Whose share this request takes from.</summary>
    public CapacityCaller Caller { get; private set; } = new(network, Account: null);

    /// <summary>The pass of a request; <see langword="null"/> for one that needs none.</summary>
    public static CapacityPass? Of(HttpContext context) => context.Features.Get<CapacityPass>();

    /// <summary>Takes a place of a gate.</summary>
    public bool TryEnter(CapacityGate gate)
    {
        if (!gate.TryEnter(Caller, weight: 1))
        {
            return false;
        }

        _places[_count++] = new Place(gate, Caller);
        return true;
    }

    /// <summary>Counts the places for the account, too, once it is known.</summary>
    /// <exception cref="XrpcException">NotEnoughResources: the account holds its share already.</exception>
    public void Claim(Did account)
    {
        CapacityCaller claimed = Caller with { Account = account };
        foreach (ref Place place in _places[.._count])
        {
            if (place.Caller.Account is null)
            {
                if (!place.Gate.TryClaim(account))
                {
                    throw new XrpcException(RequestErrors.NotEnoughResources, Capacity.Full.Message);
                }

                place = place with { Caller = claimed };
            }
        }

        Caller = claimed;
    }

    public void Dispose()
    {
        while (_count > 0)
        {
            Place place = _places[--_count];
            place.Gate.Leave(place.Caller, weight: 1);
        }
    }

    private readonly record struct Place(CapacityGate Gate, CapacityCaller Caller);

    [InlineArray(MaxGates)]
    private struct Places
    {
        private Place _first;
    }
}
