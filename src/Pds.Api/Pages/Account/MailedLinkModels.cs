namespace Pds.Api.Pages.Account;

/// <summary>The page to say that the password is forgotten. Its form posts <c>email</c> to <see cref="Action"/>.</summary>
public sealed record ForgottenPasswordModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Reset your password";

    /// <summary>Where the form goes.</summary>
    public required string Action { get; init; }
}

/// <summary>The page to set a new password. Its form posts <c>code</c>, from the mailbox, and <c>password</c> to <see cref="Action"/>.</summary>
public sealed record NewPasswordModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Choose a new password";

    /// <summary>Where the form goes.</summary>
    public required string Action { get; init; }

    /// <summary>What was written as code.</summary>
    public string? Code { get; init; }
}

/// <summary>The page to confirm an e-mail address. Its form posts <c>email</c> and <c>code</c>, from the mailbox, to <see cref="Action"/>.</summary>
public sealed record ConfirmEmailModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Confirm your e-mail address";

    /// <summary>Where the form goes.</summary>
    public required string Action { get; init; }

    /// <summary>What was written as address.</summary>
    public string? Email { get; init; }

    /// <summary>What was written as code.</summary>
    public string? Code { get; init; }
}
