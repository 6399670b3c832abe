using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.OAuth;

/// <summary>Sign-ins of browsers, and what clients were given there.</summary>
internal sealed class BrowserSignIns : ISignInFeature
{
    public bool? Has(PdsDbContext context, Did did, SignInCredential credential) => credential is SignInCredential.Browser browser
        ? context.Set<DeviceAccountRow>().Any(row => row.Did == did && row.DeviceId == browser.DeviceId)
        : null;

    public void End(PdsDbContext context, Did did, AccountChange change)
    {
        if (change.EndSessions)
        {
            EndAll(context, did, change.KeptBrowser);
        }

        if (change.EndApplications)
        {
            EndApplications(context, did);
        }
    }

    public void EndBrowser(PdsDbContext context, string deviceId) =>
        context.Set<OAuthRequestRow>().Where(row => row.DeviceId == deviceId).ExecuteDelete();

    /// <summary>Ends everything that clients and browsers were given for an account, within a change of the account.</summary>
    private static void EndAll(PdsDbContext context, Did did, (string DeviceId, DateTimeOffset SignedInAt)? kept)
    {
        string? keptId = kept?.DeviceId;
        context.Set<OAuthSessionRow>().Where(row => row.Did == did).ExecuteDelete();
        context.Set<OAuthRequestRow>().Where(row => row.Did == did).ExecuteDelete();
        context.Set<DeviceAccountRow>().Where(row => row.Did == did && row.DeviceId != keptId).ExecuteDelete();
        if (kept is var (_, signedInAt))
        {
            context.Set<DeviceAccountRow>().Where(row => row.Did == did).ExecuteUpdate(row => row.SetProperty(one => one.SignedInAt, signedInAt));
        }
    }

    /// <summary>Ends what clients have of an account: sessions, codes under way and grants. Its owner stays signed in to browsers.</summary>
    private static void EndApplications(PdsDbContext context, Did did)
    {
        context.Set<OAuthSessionRow>().Where(row => row.Did == did).ExecuteDelete();
        context.Set<OAuthRequestRow>().Where(row => row.Did == did).ExecuteDelete();
        context.Set<AuthorizedClientRow>().Where(row => row.Did == did).ExecuteDelete();
    }
}
