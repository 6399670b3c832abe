using Pds.Domain.Identifiers;

namespace Pds.Api.RateLimits;

/// <summary>Whose share of a gate a request takes from.</summary>
/// <param name="Network">By <see cref="ClientNetworks"/>; 0 for none.</param>
/// <param name="Account">The account; <see langword="null"/> before it is known, and for strangers.</param>
internal readonly record struct CapacityCaller(UInt128 Network, Did? Account);
