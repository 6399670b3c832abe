using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Knows in which browsers an account is not asked for a second factor, for 30 days each.</summary>
internal sealed class TrustedBrowsers(ITrustedBrowserStore store, TimeProvider time)
{
    public ValueTask<bool> IsTrustedAsync(Did did, string deviceId, CancellationToken cancellationToken) =>
        store.IsTrustedAsync(did, deviceId, time.GetUtcNow(), cancellationToken);

    /// <summary>To be called when a second factor was given, and its owner wants not to be asked again.</summary>
    public Task TrustAsync(SignInProof proof, string deviceId, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.TrustAsync(proof, deviceId, now, now + FactorLimits.Trust, cancellationToken);
    }
}
