using Pds.Application.Factors;
using Pds.Application.OAuth;
using Pds.Domain.OAuth;

namespace Pds.Api.Pages.SignIn;

/// <summary>The page to sign in: to an application or to the account area.</summary>
/// <remarks>
/// Its form posts <c>identifier</c>, <c>password</c> and <c>remember</c> with the value <c>yes</c> to <see cref="Action"/>; where a passkey is offered, also
/// <c>passkey</c> with the id of <see cref="Passkey"/> and <c>credential</c>, which the script fills in. Where <see cref="Pending"/> is set, another form takes its
/// place: <c>pending</c>, <c>code</c>, and <c>trust</c> with the value <c>yes</c>.
/// </remarks>
public sealed record SignInModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Sign in";

    /// <inheritdoc/>
    public override string? Languages => AskedLanguages;

    /// <summary>Where the form goes.</summary>
    public required string Action { get; init; }

    /// <summary>The application to sign in to; <see langword="null"/> for the account area.</summary>
    public ClientView? Client { get; init; }

    /// <summary>Who signs in, if that is known.</summary>
    public string? Identifier { get; init; }

    /// <summary>Whether it must be that one, because the application asks for it or because it is the one who is signed in.</summary>
    public bool IsIdentifierFixed { get; init; }

    /// <summary>What must be given when name and password were right.</summary>
    public SignInNeed Needs { get; init; }

    /// <summary>The sign-in that waits for it; <see langword="null"/> where name and password are asked for.</summary>
    public string? Pending { get; init; }

    /// <summary>The page to begin anew, in place of a sign-in that waits.</summary>
    public string? RestartAddress { get; init; }

    /// <summary>What a browser is asked for that signs in with a passkey; <see langword="null"/> where that is not offered.</summary>
    public PasskeyQuestion? Passkey { get; init; }

    /// <inheritdoc/>
    public override string? Script => Passkey is not null && Pending is null ? PasskeyScript.Text : null;

    /// <summary>Whether the browser is asked to remember the sign-in; where it has to, nobody is asked.</summary>
    public bool OffersToRemember { get; init; }

    /// <summary>Whether people may sign in with the password of their account.</summary>
    public bool OffersPassword { get; init; } = true;

    /// <summary>Where a form without further fields goes that leads to the host's own authentication; <see langword="null"/> when there is none.</summary>
    public string? ExternalAction { get; init; }

    /// <summary>Words of the button for that, in English.</summary>
    public string? ExternalLabel { get; init; }

    /// <summary>Where a form goes that gives up, with <c>answer</c> of the value <c>no</c>; <see langword="null"/> if there is nothing to give up.</summary>
    public string? CancelAction { get; init; }

    /// <summary>Other ways: a forgotten password, a new account.</summary>
    public IReadOnlyList<PageLink> Links { get; init; } = [];

    /// <summary>The languages that the application asks for.</summary>
    internal string? AskedLanguages { get; init; }
}

/// <summary>The page to choose one of the accounts that the browser remembers.</summary>
/// <remarks>Its form posts the DID, as the field <see cref="FieldName"/>, to <see cref="Action"/>.</remarks>
public sealed record ChooseAccountModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Choose an account";

    /// <inheritdoc/>
    public override string? Languages => AskedLanguages;

    /// <summary>The application to sign in to; <see langword="null"/> for the account area.</summary>
    public ClientView? Client { get; init; }

    /// <summary>The accounts.</summary>
    public required IReadOnlyList<AccountChoice> Accounts { get; init; }

    /// <summary>Where the choice goes.</summary>
    public required string Action { get; init; }

    /// <summary>Name of the field that says which.</summary>
    public string FieldName { get; init; } = "account";

    /// <summary>The page to sign in to another account.</summary>
    public required string OtherAddress { get; init; }

    /// <summary>Where a form goes that gives up, with <c>answer</c> of the value <c>no</c>; <see langword="null"/> if there is nothing to give up.</summary>
    public string? CancelAction { get; init; }

    /// <summary>The languages that the application asks for.</summary>
    internal string? AskedLanguages { get; init; }
}

/// <summary>The page that offers to activate a deactivated account, so that an application can use it.</summary>
/// <remarks>Its form posts <c>account</c> with the DID to <see cref="Action"/>.</remarks>
public sealed record ReactivateModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Reactivate your account?";

    /// <inheritdoc/>
    public override string? Languages => AskedLanguages;

    /// <summary>The application to sign in to.</summary>
    public required ClientView Client { get; init; }

    /// <summary>The account, whose owner has signed in.</summary>
    public required AccountChoice Account { get; init; }

    /// <summary>Where the form goes that activates the account.</summary>
    public required string Action { get; init; }

    /// <summary>Where a form without further fields goes that lets the user take another account; <see langword="null"/> where the application asks for this one.</summary>
    public required string? OtherAction { get; init; }

    /// <summary>Where a form goes that gives up, with <c>answer</c> of the value <c>no</c>.</summary>
    public required string CancelAction { get; init; }

    /// <summary>The languages that the application asks for.</summary>
    internal string? AskedLanguages { get; init; }
}

/// <summary>The page on which the user gives an application access, or does not.</summary>
/// <remarks>
/// Its form posts to <see cref="AnswerAction"/>: <c>answer</c> (<c>yes</c> or <c>no</c>), <c>account</c> with the DID, and of the rights that may be left
/// out all as <c>optional</c> and those that are given as <c>granted</c>; <see cref="ScopeList"/> writes the latter two.
/// </remarks>
public sealed record ConsentModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Allow access?";

    /// <inheritdoc/>
    public override string? Languages => AskedLanguages;

    /// <summary>The application; all of its id must be shown.</summary>
    public required ClientView Client { get; init; }

    /// <summary>Who is asked.</summary>
    public required AccountChoice Account { get; init; }

    /// <summary>What the application wants; all of it must be shown.</summary>
    public required ScopeSet Scopes { get; init; }

    /// <summary>The permission sets among that; what they hold must be shown as well.</summary>
    public IReadOnlyList<PermissionSet> Sets { get; init; } = [];

    /// <summary>Where the answer goes.</summary>
    public required string AnswerAction { get; init; }

    /// <summary>Where a form without further fields goes that lets the user take another account; <see langword="null"/> where the application asks for this one.</summary>
    public required string? OtherAction { get; init; }

    /// <summary>The languages that the application asks for.</summary>
    internal string? AskedLanguages { get; init; }
}

/// <summary>A form that the browser posts to an application by itself; with a button, where scripts are off.</summary>
public sealed record ReturnModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Going back";

    /// <inheritdoc/>
    public override string Script => "document.forms[0].submit()";

    /// <summary>The address of the application.</summary>
    public required string Address { get; init; }

    /// <summary>What it gets.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; }
}
