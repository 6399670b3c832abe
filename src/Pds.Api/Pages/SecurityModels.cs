using Pds.Application.Factors;

namespace Pds.Api.Pages;

/// <summary>The page that shows what signing in takes, and changes it.</summary>
/// <remarks>
/// Its forms post to <see cref="Action"/> and below: <c>/authenticator/off</c>, <c>/recovery-codes</c>, <c>/passkeys/rename</c> (<c>id</c>, <c>name</c>),
/// <c>/passkeys/remove</c> (<c>id</c>), <c>/browsers/forget</c> (<c>device</c>, or none for all).
/// </remarks>
public sealed record SecurityModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Security";

    /// <summary>The address of the page.</summary>
    public required string Action { get; init; }

    /// <summary>What signing in takes.</summary>
    public required ListFactorsOutput Factors { get; init; }

    /// <summary>The browser that looks at it, which is marked among those that are trusted.</summary>
    public required string DeviceId { get; init; }
}

/// <summary>The page to set up an authenticator app. Its form posts <c>code</c> to <see cref="Action"/>.</summary>
public sealed record AuthenticatorModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Set up an authenticator app";

    /// <summary>Where the form goes.</summary>
    public required string Action { get; init; }

    /// <summary>The page to go back to.</summary>
    public required string BackAddress { get; init; }

    /// <summary>What the app has to be told.</summary>
    public required BeginAuthenticatorOutput Setup { get; init; }

    /// <summary>The secret in groups of four, for people who type it.</summary>
    internal string GroupedSecret => string.Join(' ', Setup.Secret.Chunk(4).Select(group => new string(group)));
}

/// <summary>The page that shows new recovery codes, this once.</summary>
public sealed record RecoveryCodesModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Recovery codes";

    /// <summary>The page to go on to.</summary>
    public required string BackAddress { get; init; }

    /// <summary>The codes.</summary>
    public required IReadOnlyList<string> Codes { get; init; }
}

/// <summary>The page to add a passkey. Its form posts <c>name</c>, <c>passkey</c> with the id of <see cref="Passkey"/>, and <c>credential</c>, which the script fills in.</summary>
public sealed record NewPasskeyModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Add a passkey";

    /// <inheritdoc/>
    public override string? Script => PasskeyScript.Text;

    /// <summary>Where the form goes.</summary>
    public required string Action { get; init; }

    /// <summary>The page to go back to.</summary>
    public required string BackAddress { get; init; }

    /// <summary>What the browser is asked for.</summary>
    public required PasskeyQuestion Passkey { get; init; }
}
