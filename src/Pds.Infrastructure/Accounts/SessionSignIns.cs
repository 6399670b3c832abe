using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>Sign-ins by sessions and app passwords.</summary>
internal sealed class SessionSignIns : ISignInFeature
{
    public bool? Has(PdsDbContext context, Did did, SignInCredential credential) => credential switch
    {
        SignInCredential.AppPassword password =>
            context.Set<AppPasswordRow>().Any(row => row.Did == did && row.Name == password.Name && row.PasswordHash == password.Hash),
        SignInCredential.Session session => context.Set<RefreshTokenRow>().Any(row => row.Did == did && row.Id == session.RefreshTokenId),
        _ => null,
    };

    public void End(PdsDbContext context, Did did, AccountChange change)
    {
        if (change.EndSessions)
        {
            context.Set<RefreshTokenRow>().Where(token => token.Did == did).ExecuteDelete();
        }

        if (change.EndApplications)
        {
            context.Set<RefreshTokenRow>().Where(token => token.Did == did && token.AppPasswordName != null).ExecuteDelete();
            context.Set<AppPasswordRow>().Where(password => password.Did == did).ExecuteDelete();
        }

        if (change.EndEmailTokens)
        {
            context.Set<EmailTokenRow>().Where(token => token.Did == did).ExecuteDelete();
        }
    }
}
