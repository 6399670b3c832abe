using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>What has changed about signing in to an account.</summary>
public enum FactorNotice
{
    /// <summary>Signing in needs codes of an authenticator app from now on.</summary>
    AuthenticatorAdded,

    /// <summary>Signing in needs no codes of an app any more.</summary>
    AuthenticatorRemoved,

    /// <summary>There are new recovery codes; those before do not work any more.</summary>
    RecoveryCodesRenewed,

    /// <summary>A recovery code was used in place of a code of the app.</summary>
    RecoveryCodeUsed,

    /// <summary>A passkey was added.</summary>
    PasskeyAdded,

    /// <summary>A passkey was removed.</summary>
    PasskeyRemoved,

    /// <summary>The operator has taken away all second factors and passkeys.</summary>
    Reset,
}

/// <summary>What a notice tells.</summary>
/// <param name="Handle">Handle of the account.</param>
/// <param name="ServerName">What the server calls itself; to be encoded in HTML.</param>
/// <param name="Detail">Name of the passkey; to be encoded in HTML. <see langword="null"/> where there is none.</param>
public sealed record FactorNoticeFacts(Handle Handle, string ServerName, string? Detail);
