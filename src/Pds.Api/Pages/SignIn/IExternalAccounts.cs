using System.Security.Claims;
using Pds.Domain.Identifiers;

namespace Pds.Api.Pages.SignIn;

/// <summary>Tells which account belongs to whom, where the host's own authentication signs people in. A host brings it with <c>UseExternalSignIn</c>.</summary>
public interface IExternalAccounts
{
    /// <summary>The account of somebody who is signed in to the host, or <see langword="null"/> for none. It may make the account.</summary>
    /// <param name="user">Who is signed in.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<Did?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken);
}
