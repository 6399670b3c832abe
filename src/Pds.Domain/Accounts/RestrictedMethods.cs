using System.Collections.Frozen;

namespace Pds.Domain.Accounts;

/// <summary>Methods that not every credential opens. Names are compared without regard to case, so that a change of case opens nothing.</summary>
public static class RestrictedMethods
{
    private const string CreateAccount = "com.atproto.server.createAccount";

    private static readonly FrozenSet<string> Protected = FrozenSet.ToFrozenSet(
        [
            "com.atproto.admin.sendEmail",
            "com.atproto.identity.requestPlcOperationSignature",
            "com.atproto.identity.signPlcOperation",
            "com.atproto.identity.updateHandle",
            "com.atproto.server.activateAccount",
            "com.atproto.server.confirmEmail",
            "com.atproto.server.createAppPassword",
            "com.atproto.server.deactivateAccount",
            "com.atproto.server.getAccountInviteCodes",
            "com.atproto.server.getSession",
            "com.atproto.server.listAppPasswords",
            "com.atproto.server.requestAccountDelete",
            "com.atproto.server.requestEmailConfirmation",
            "com.atproto.server.requestEmailUpdate",
            "com.atproto.server.revokeAppPassword",
            "com.atproto.server.updateEmail",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a method concerns the account itself: never proxied, never opened by a service token.</summary>
    public static bool IsProtected(string method) => Protected.Contains(method);

    /// <summary>Whether a method is closed to app passwords without privileges: direct messages, and moving the account.</summary>
    public static bool IsPrivileged(string method) =>
        method.StartsWith("chat.bsky.", StringComparison.OrdinalIgnoreCase) || string.Equals(method, CreateAccount, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a method is the one by which a taken-down account leaves.</summary>
    public static bool IsWayOut(string? method) => string.Equals(method, CreateAccount, StringComparison.OrdinalIgnoreCase);
}
