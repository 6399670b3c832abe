using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Accounts;

/// <summary>Tells session tokens from service tokens by the method called, and judges them.</summary>
internal sealed class CallerAuthenticator(SessionTokens sessions, ServiceAuthTokens services, IOptions<AccountOptions> options) : ICallerAuthenticator
{
    /// <summary>Methods that a user's service token opens, and nothing else does.</summary>
    private static readonly FrozenSet<string> ForServices = FrozenSet.ToFrozenSet(["com.atproto.server.createAccount"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Methods that a user's service token opens beside a session.</summary>
    private static readonly FrozenSet<string> ForBoth = FrozenSet.ToFrozenSet(["com.atproto.repo.uploadBlob"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Methods of the operator that the moderation service may call, too.</summary>
    private static readonly FrozenSet<string> ForModerators = FrozenSet.ToFrozenSet(
        [
            "com.atproto.admin.disableAccountInvites",
            "com.atproto.admin.disableInviteCodes",
            "com.atproto.admin.enableAccountInvites",
            "com.atproto.admin.getAccountInfo",
            "com.atproto.admin.getAccountInfos",
            "com.atproto.admin.getInviteCodes",
            "com.atproto.admin.getSubjectStatus",
            "com.atproto.admin.searchAccounts",
            "com.atproto.admin.sendEmail",
            "com.atproto.admin.updateSubjectStatus",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Methods of accounts that the moderation service may call, too.</summary>
    private static readonly FrozenSet<string> ForAccountsAndModerators = FrozenSet.ToFrozenSet(["app.bsky.actor.getPreferences"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Those among the methods above that change nothing, so that a token may serve them again while it lasts.</summary>
    private static readonly FrozenSet<string> Reading = FrozenSet.ToFrozenSet(
        [
            "app.bsky.actor.getPreferences",
            "com.atproto.admin.getAccountInfo",
            "com.atproto.admin.getAccountInfos",
            "com.atproto.admin.getInviteCodes",
            "com.atproto.admin.getSubjectStatus",
            "com.atproto.admin.searchAccounts",
        ],
        StringComparer.OrdinalIgnoreCase);

    public async ValueTask<Caller> AuthenticateAsync(AuthorizationHeader? header, string method, CancellationToken cancellationToken)
    {
        if (header is null)
        {
            return Caller.Anonymous.Instance;
        }

        if (!header.IsBearer)
        {
            throw new XrpcException(AuthErrors.InvalidToken, $"Unsupported authorization type: {header.Scheme}");
        }

        bool isModerators = ForModerators.Contains(method) || (ForAccountsAndModerators.Contains(method) && !SessionTokens.LooksLikeSession(header.Credentials));
        if (isModerators)
        {
            // The token names this one method, so its bearer is the operator for this one call.
            Caller.Service moderator = await services.VerifyAsync(header.Credentials, Nsid.Parse(method), IsModerator, !Reading.Contains(method), cancellationToken);
            return new Caller.Admin(moderator.Issuer.ToString());
        }

        bool isService = ForServices.Contains(method) || (ForBoth.Contains(method) && !SessionTokens.LooksLikeSession(header.Credentials));
        return isService
            ? await services.VerifyAsync(header.Credentials, Nsid.Parse(method), isTrusted: null, once: true, cancellationToken)
            : sessions.VerifyAccess(header.Credentials);
    }

    private bool IsModerator(string issuer) =>
        options.Value.ModerationServiceDid is { Length: > 0 } did && (issuer == did || issuer == $"{did}#atproto_labeler");
}
