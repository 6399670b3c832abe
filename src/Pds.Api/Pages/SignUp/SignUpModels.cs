namespace Pds.Api.Pages.SignUp;

/// <summary>The page to make an account: on the way to an application, or for itself.</summary>
/// <remarks>
/// Its form posts <c>handle</c> (without its domain), <c>domain</c> (one of <see cref="HandleDomains"/>), <c>email</c>, <c>password</c> and
/// <c>invite</c> to <see cref="Action"/>.
/// </remarks>
public sealed record SignUpModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Create an account";

    /// <inheritdoc/>
    public override string? Languages => AskedLanguages;

    /// <summary>Where the form goes.</summary>
    public required string Action { get; init; }

    /// <summary>The application to sign in to afterwards; <see langword="null"/> for none.</summary>
    public ClientView? Client { get; init; }

    /// <summary>Domains for handles, each with a leading dot; at least one.</summary>
    public required IReadOnlyList<string> HandleDomains { get; init; }

    /// <summary>Whether an invite code must be given.</summary>
    public required bool IsInviteRequired { get; init; }

    /// <summary>What was written as handle.</summary>
    public string? Handle { get; init; }

    /// <summary>The domain that was chosen.</summary>
    public string? Domain { get; init; }

    /// <summary>What was written as address.</summary>
    public string? Email { get; init; }

    /// <summary>What was written as invite code.</summary>
    public string? Invite { get; init; }

    /// <summary>Terms of service, to be agreed to by going on; <see langword="null"/> for none.</summary>
    public Uri? Terms { get; init; }

    /// <summary>Privacy policy, to be agreed to by going on; <see langword="null"/> for none.</summary>
    public Uri? Privacy { get; init; }

    /// <summary>Where a form goes that gives up, with <c>answer</c> of the value <c>no</c>; <see langword="null"/> if there is nothing to give up.</summary>
    public string? CancelAction { get; init; }

    /// <summary>Other ways, such as to sign in.</summary>
    public IReadOnlyList<PageLink> Links { get; init; } = [];

    /// <summary>The languages that the application asks for.</summary>
    internal string? AskedLanguages { get; init; }
}
