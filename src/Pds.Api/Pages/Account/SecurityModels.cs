using Pds.Application.Factors;

namespace Pds.Api.Pages.Account;

/// <summary>
/// What signing in takes. Links, below <see cref="AccountPageModel.Address"/>: <c>authenticator</c> and <c>passkey</c>. Forms, likewise: <c>end-authenticator</c>;
/// <c>recovery-codes</c>; <c>rename-passkey</c> with <c>id</c> and <c>name</c>; <c>remove-passkey</c> with <c>id</c>; <c>end-trust</c> with <c>browser</c>, or
/// without for all of them.
/// </summary>
public sealed record SecurityModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "Security";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.Security;

    /// <summary>What signing in takes.</summary>
    public required ListFactorsOutput Factors { get; init; }

    /// <summary>The browser that looks at it.</summary>
    public required string DeviceId { get; init; }
}

/// <summary>Sets up an authenticator app. Form: <c>authenticator</c> below <see cref="AccountPageModel.Address"/>, with <c>code</c>.</summary>
public sealed record AuthenticatorModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "Set up an authenticator app";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.Security;

    /// <summary>What the app has to be told: as a picture, as a link, and for people to type.</summary>
    public required BeginAuthenticatorOutput Setup { get; init; }
}

/// <summary>New recovery codes. They must be shown, since nobody can ever show them again.</summary>
public sealed record RecoveryCodesModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "Recovery codes";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.Security;

    /// <summary>The codes.</summary>
    public required IReadOnlyList<string> Codes { get; init; }
}

/// <summary>
/// Adds a passkey. Form: <c>passkey</c> below <see cref="AccountPageModel.Address"/>, with <c>name</c>, <c>passkey</c> (the id of <see cref="Passkey"/>)
/// and <c>credential</c>, which the script fills in.
/// </summary>
public sealed record NewPasskeyModel : AccountPageModel
{
    /// <inheritdoc/>
    public override string Title => "Add a passkey";

    /// <inheritdoc/>
    public override string Address => AccountNavigation.Security;

    /// <inheritdoc/>
    public override string? Script => PasskeyScript.Text;

    /// <summary>What the browser is asked for.</summary>
    public required PasskeyQuestion Passkey { get; init; }
}
