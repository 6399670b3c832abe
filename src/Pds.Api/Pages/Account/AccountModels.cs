using Pds.Application.Accounts;
using Pds.Application.OAuth;

namespace Pds.Api.Pages.Account;

/// <summary>What a page of the account area shows.</summary>
public abstract record AccountPageModel : PageModel
{
    /// <summary>Whose account it is.</summary>
    public required BrowserAccount Account { get; init; }

    /// <summary>The address of the page; its forms post to it or below.</summary>
    public abstract string Address { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<PageLink> Navigation => AccountNavigation.From(Address);
}

/// <summary>The account at a glance. Forms: <c>/account/sign-out</c> and <c>/account/choose</c>, without fields of their own.</summary>
public sealed record OverviewModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "Your account";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.Home;

    /// <summary>What there is to know.</summary>
    public required GetAccountOverviewOutput Overview { get; init; }
}

/// <summary>
/// Browsers and programs that are signed in. Forms, below <see cref="AccountPageModel.Address"/>: <c>end-browser</c> with <c>browser</c>,
/// <c>end-session</c> with <c>session</c>, and <c>end-others</c>.
/// </summary>
public sealed record SessionsModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "Devices and sessions";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.Sessions;

    /// <summary>Where the account is signed in.</summary>
    public required ListSignInsOutput SignIns { get; init; }
}

/// <summary>Applications that have access. Form: <c>disconnect</c> below <see cref="AccountPageModel.Address"/>, with <c>session</c>.</summary>
public sealed record AppsModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "Connected apps";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.Apps;

    /// <summary>The applications.</summary>
    public required IReadOnlyList<ConnectedApp> Apps { get; init; }
}

/// <summary>
/// App passwords. Forms, below <see cref="AccountPageModel.Address"/>: <c>create</c> with <c>name</c>, and <c>privileged</c> of the value <c>yes</c>;
/// <c>revoke</c> with <c>name</c>.
/// </summary>
public sealed record AppPasswordsModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "App passwords";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.AppPasswords;

    /// <summary>Those that there are, without their secrets.</summary>
    public required IReadOnlyList<AppPassword> Passwords { get; init; }

    /// <summary>The one that was just made; its secret must be shown, since nobody can ever show it again.</summary>
    public CreateAppPasswordOutput? Created { get; init; }
}

/// <summary>
/// The e-mail address. Forms, below <see cref="AccountPageModel.Address"/>: <c>request-confirmation</c>; <c>confirm</c> with <c>code</c>; <c>request-change</c>;
/// <c>change</c> with <c>email</c>, and <c>code</c> when the present address is confirmed; <c>factor</c> with <c>factor</c> (<c>on</c> or <c>off</c>), and <c>code</c> to switch it off.
/// </summary>
public sealed record EmailModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "E-mail";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.Email;

    /// <summary>The address; <see langword="null"/> when there is none.</summary>
    public string? Email { get; init; }

    /// <summary>Whether it was confirmed.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>Whether signing in needs a code from the mailbox.</summary>
    public bool HasFactor { get; init; }
}

/// <summary>The password. Form: <see cref="AccountPageModel.Address"/> with <c>current</c>, <c>new</c>, <c>repeated</c>, and <c>end</c> of the value <c>yes</c>.</summary>
public sealed record PasswordModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "Password";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.Password;
}

/// <summary>
/// The handle. Forms, below <see cref="AccountPageModel.Address"/>: <c>change</c> and <c>check</c>, with <c>handle</c>, or <c>name</c> and <c>domain</c>
/// for a handle under a domain of this server.
/// </summary>
public sealed record HandleModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "Handle";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.Handle;

    /// <summary>Domains of this server, each with a leading dot.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>The handle that was asked about.</summary>
    public string? Asked { get; init; }

    /// <summary>What came out.</summary>
    public CheckHandleOutput? Outcome { get; init; }
}

/// <summary>Takes the data out. Links, below <see cref="AccountPageModel.Address"/>: <c>repository.car</c> and <c>files.zip</c>.</summary>
public sealed record ExportModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "Your data";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.Export;

    /// <summary>What there is.</summary>
    public required GetAccountOverviewOutput Overview { get; init; }
}

/// <summary>
/// Deactivates, activates and deletes. Forms, below <see cref="AccountPageModel.Address"/>: <c>deactivate</c>; <c>activate</c>; <c>request-deletion</c>;
/// <c>delete</c> with <c>password</c>, <c>code</c>, and <c>sure</c> of the value <c>yes</c>.
/// </summary>
public sealed record StatusModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "Deactivate or delete";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.Status;

    /// <summary>What there is, and would be lost.</summary>
    public required GetAccountOverviewOutput Overview { get; init; }

    /// <summary>Whether the code for the deletion is on its way.</summary>
    public bool IsDeletionAsked { get; init; }
}

/// <summary>The account is gone. There is nothing to do any more.</summary>
public sealed record DeletedModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Your account is deleted";
}
