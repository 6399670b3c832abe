using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Factors;

/// <summary>Passkeys as credentials, and the end of second factors.</summary>
internal sealed class FactorSignIns : ISignInFeature
{
    public bool? Has(PdsDbContext context, Did did, SignInCredential credential) => credential is SignInCredential.Passkey passkey
        ? context.Set<PasskeyRow>().Any(row => row.Did == did && row.Id == passkey.Id)
        : null;

    public void End(PdsDbContext context, Did did, AccountChange change)
    {
        if (change.EndSessions)
        {
            EndTrust(context, did);
        }

        if (change.EndFactors)
        {
            EndAll(context, did);
        }
    }

    public void EndBrowser(PdsDbContext context, string deviceId) =>
        context.Set<PendingSignInRow>().Where(row => row.DeviceId == deviceId).ExecuteDelete();

    /// <summary>Everything beside the password.</summary>
    private static void EndAll(PdsDbContext context, Did did)
    {
        context.Set<AuthenticatorRow>().Where(row => row.Did == did).ExecuteDelete();
        context.Set<RecoveryCodeRow>().Where(row => row.Did == did).ExecuteDelete();
        context.Set<PasskeyRow>().Where(row => row.Did == did).ExecuteDelete();
        context.Set<PasskeyChallengeRow>().Where(row => row.Did == did).ExecuteDelete();
        EndTrust(context, did);
    }

    /// <summary>All browsers are asked again, and sign-ins that wait begin anew.</summary>
    public static void EndTrust(PdsDbContext context, Did did)
    {
        context.Set<TrustedBrowserRow>().Where(row => row.Did == did).ExecuteDelete();
        context.Set<PendingSignInRow>().Where(row => row.Did == did).ExecuteDelete();
    }
}
