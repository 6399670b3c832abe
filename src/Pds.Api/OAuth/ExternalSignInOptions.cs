namespace Pds.Api.OAuth;

/// <summary>How people sign in by the host's own authentication. Set with <c>AddPds(…).UseExternalSignIn&lt;TAccounts&gt;(…)</c>.</summary>
public sealed class ExternalSignInOptions
{
    /// <summary>Words of the button, in English. Default <c>Sign in with the account of this site</c>.</summary>
    public string Label { get; set; } = "Sign in with the account of this site";

    /// <summary>The authentication scheme that knows who is signed in. Default: the host's default scheme.</summary>
    public string? Scheme { get; set; }

    /// <summary>The authentication scheme that has people sign in. Default: <see cref="Scheme"/>, else the host's default scheme for that.</summary>
    public string? ChallengeScheme { get; set; }

    /// <summary>Whether people may also sign in with the password of their account. Default <see langword="true"/>; otherwise only app passwords open sessions beside this.</summary>
    public bool AllowPasswords { get; set; } = true;

    /// <summary>Whether <c>UseExternalSignIn</c> was called.</summary>
    internal bool IsEnabled { get; set; }

    /// <summary>The scheme that has people sign in.</summary>
    internal string? Challenger => ChallengeScheme ?? Scheme;
}
