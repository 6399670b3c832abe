using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Api.Pages.SignIn;

/// <summary>How people sign in by the host's own authentication. Set with <c>AddPds(…).UseExternalSignIn&lt;TAccounts&gt;(…)</c>.</summary>
public sealed class ExternalSignInOptions
{
    /// <summary>Words of the button, in English. Default <c>Sign in with the account of this site</c>.</summary>
    public string Label { get; set; } = "Sign in with the account of this site";

    /// <summary>The authentication scheme that knows who is signed in. Default: the host's default scheme.</summary>
    public string? Scheme { get; set; }

    /// <summary>The authentication scheme that has people sign in. Default: <see cref="Scheme"/>, else the host's default scheme for that.</summary>
    public string? ChallengeScheme { get; set; }

    /// <summary>Whether people may also sign in with the password of their account, or with passkeys. Default <see langword="true"/>; otherwise only app passwords open sessions beside this.</summary>
    public bool AllowPasswords { get; set; } = true;

    /// <summary>Whether <c>UseExternalSignIn</c> was called.</summary>
    internal bool IsEnabled { get; set; }

    /// <summary>Whether pages ask for passwords.</summary>
    internal bool OffersPasswords => !IsEnabled || AllowPasswords;

    /// <summary>Requires that the host signs people in.</summary>
    /// <exception cref="XrpcException">invalid_request.</exception>
    internal void RequireEnabled()
    {
        if (!IsEnabled)
        {
            throw new XrpcException(OAuthErrors.InvalidRequest, "This server does not sign people in by other means.");
        }
    }

    /// <summary>Has the user sign in to the host.</summary>
    internal ChallengeResult Challenge(AuthenticationProperties properties) =>
        (ChallengeScheme ?? Scheme) is { } scheme ? new ChallengeResult(scheme, properties) : new ChallengeResult(properties);

    /// <summary>The account of the user who is signed in to the host.</summary>
    /// <exception cref="XrpcException">invalid_request, AccountNotFound.</exception>
    internal async Task<Did> RequireAccountAsync(HttpContext context)
    {
        AuthenticateResult result = await context.AuthenticateAsync(Scheme);
        if (!result.Succeeded)
        {
            throw new XrpcException(OAuthErrors.InvalidRequest, "You are not signed in. Go back and start again.");
        }

        return await context.RequestServices.GetRequiredService<IExternalAccounts>().FindAsync(result.Principal, context.RequestAborted)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, "You are signed in, but there is no account on this server that belongs to you.");
    }
}
