using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>A feature that stands on accounts and keeps ways to sign in to them, or what sign-ins lead to.</summary>
internal interface ISignInFeature
{
    /// <summary>Whether a credential is still there; <see langword="null"/> when it is not of this feature's kind.</summary>
    bool? Has(PdsDbContext context, Did did, SignInCredential credential);

    /// <summary>Ends what ends with a change of the account, in the transaction of the change.</summary>
    void End(PdsDbContext context, Did did, AccountChange change);

    /// <summary>Ends what ends with a browser, in the transaction that removes it.</summary>
    void EndBrowser(PdsDbContext context, string deviceId)
    {
    }
}

/// <summary>Judges proofs of sign-ins, and ends sign-ins, inside the transaction that keeps what follows.</summary>
internal sealed class SignIns(IEnumerable<ISignInFeature> features)
{
    private readonly ISignInFeature[] _features = [.. features];

    /// <summary>Requires that a proof still holds.</summary>
    /// <exception cref="XrpcException">AuthenticationRequired.</exception>
    public void Require(PdsDbContext context, SignInProof proof)
    {
        Did did = proof.Account;
        long epoch = proof.Epoch;
        if (!context.Set<AccountRow>().Any(row => row.Did == did && row.SignInEpoch == epoch) || !IsThere(context, did, proof.Credential))
        {
            throw SignInProof.Over();
        }
    }

    /// <summary>Ends what ends with a change of an account.</summary>
    public void End(PdsDbContext context, Did did, AccountChange change)
    {
        foreach (ISignInFeature feature in _features)
        {
            feature.End(context, did, change);
        }
    }

    /// <summary>Ends what ends with a browser.</summary>
    public void EndBrowser(PdsDbContext context, string deviceId)
    {
        foreach (ISignInFeature feature in _features)
        {
            feature.EndBrowser(context, deviceId);
        }
    }

    private bool IsThere(PdsDbContext context, Did did, SignInCredential? credential)
    {
        if (credential is null)
        {
            return true;
        }

        foreach (ISignInFeature feature in _features)
        {
            if (feature.Has(context, did, credential) is { } isThere)
            {
                return isThere;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(credential));
    }
}
