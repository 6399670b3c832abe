using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>What a user who comes with an authorization request is to see next.</summary>
public abstract record AuthorizationStep
{
    private AuthorizationStep()
    {
    }

    /// <summary>Nothing more: the browser goes back to the client.</summary>
    /// <param name="Answer">What it brings along.</param>
    public sealed record Finished(AuthorizationAnswer Answer) : AuthorizationStep;

    /// <summary>A page.</summary>
    /// <param name="Context">What all pages of the request show.</param>
    public abstract record Page(AuthorizationContext Context) : AuthorizationStep;

    /// <summary>The page to sign in.</summary>
    /// <param name="Context">What all pages of the request show.</param>
    /// <param name="Identifier">Who signs in, if that is known; it cannot be changed then.</param>
    /// <param name="Needs">What must be given when name and password were right.</param>
    /// <param name="Pending">The sign-in that waits for it.</param>
    /// <param name="Fault">What was wrong with the last attempt.</param>
    public sealed record SignIn(
        AuthorizationContext Context, string? Identifier, SignInNeed Needs = SignInNeed.None, string? Pending = null, string? Fault = null) : Page(Context);

    /// <summary>The page to make an account.</summary>
    /// <param name="Context">What all pages of the request show.</param>
    public sealed record SignUp(AuthorizationContext Context) : Page(Context);

    /// <summary>The page to choose one of the accounts that this browser remembers.</summary>
    /// <param name="Context">What all pages of the request show.</param>
    /// <param name="Accounts">The accounts.</param>
    public sealed record Choose(AuthorizationContext Context, IReadOnlyList<AccountChoice> Accounts) : Page(Context);

    /// <summary>The page that offers to activate an account that its owner has deactivated.</summary>
    /// <param name="Context">What all pages of the request show.</param>
    /// <param name="Account">The account, whose owner has signed in.</param>
    /// <param name="Fault">Why the last attempt failed.</param>
    public sealed record Reactivate(AuthorizationContext Context, AccountChoice Account, string? Fault = null) : Page(Context);

    /// <summary>The page to say yes or no.</summary>
    /// <param name="Context">What all pages of the request show.</param>
    /// <param name="Account">Who is asked.</param>
    /// <param name="Scopes">What the client wants.</param>
    /// <param name="Sets">The permission sets among that.</param>
    public sealed record Consent(AuthorizationContext Context, AccountChoice Account, ScopeSet Scopes, IReadOnlyList<PermissionSet> Sets) : Page(Context);
}

/// <summary>What all pages of a request show.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Client">Who asks.</param>
/// <param name="IsTrusted">Whether the operator vouches for the client, so that its name and picture may be shown.</param>
/// <param name="UiLocales">The languages that the client asks for, best first, separated by spaces.</param>
/// <param name="IsAccountFixed">Whether the client asks for one account, so that no other can be chosen.</param>
public sealed record AuthorizationContext(string RequestId, ClientMetadata Client, bool IsTrusted, string? UiLocales = null, bool IsAccountFixed = false);

/// <summary>An account to choose.</summary>
/// <param name="Did">The account.</param>
/// <param name="Name">Its handle.</param>
/// <param name="NeedsPassword">Whether the sign-in is too long ago.</param>
/// <param name="IsDeactivated">Whether the account has to be activated before it can be used.</param>
public sealed record AccountChoice(Did Did, string Name, bool NeedsPassword, bool IsDeactivated = false);

/// <summary>What goes back to the client.</summary>
/// <param name="RedirectUri">Where to.</param>
/// <param name="Mode"><c>query</c>, <c>fragment</c> or <c>form_post</c>.</param>
/// <param name="Parameters">Names and values, in order.</param>
public sealed record AuthorizationAnswer(string RedirectUri, string Mode, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    /// <summary>Where to: the code is secret.</summary>
    public override string ToString() => RedirectUri;
}
