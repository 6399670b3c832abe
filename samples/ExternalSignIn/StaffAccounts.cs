using System.Security.Claims;
using MediatR;
using Pds.Api.Pages.SignIn;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace ExternalSignIn;

/// <summary>Every member of staff has an account; it is made when it is first needed.</summary>
internal sealed class StaffAccounts(IAccountStore accounts, IMediator mediator) : IExternalAccounts
{
    public async ValueTask<Did?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!Handle.TryParse($"{user.Identity?.Name}.test", out Handle handle))
        {
            return null;
        }

        if (await accounts.FindAsync(new AtIdentifier(handle), cancellationToken) is { } account)
        {
            return account.Did;
        }

        // Without a password: nobody signs in to it but through here.
        CreateAccountInput input = new() { Handle = handle.ToString(), Email = $"{user.Identity?.Name}@staff.example.com" };
        return (await mediator.Send(new CreateAccountCommand(Caller.Anonymous.Instance, input), cancellationToken)).Did;
    }
}
