using System.Security.Cryptography;
using System.Text;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Makes and judges e-mailed tokens: one for each purpose and account, good for 15 minutes, compared in upper case.</summary>
/// <param name="store">Where they lie.</param>
/// <param name="time">The clock.</param>
public sealed class EmailTokens(IEmailTokenStore store, TimeProvider time)
{
    /// <summary>Makes a token; the last one of the same purpose stops working.</summary>
    /// <returns>The text to mail, <c>XXXXX-XXXXX</c>.</returns>
    public async ValueTask<string> IssueAsync(EmailTokenPurpose purpose, Did did, CancellationToken cancellationToken)
    {
        var token = new EmailToken(purpose, did, AccountCodes.NewEmailToken(), time.GetUtcNow());
        await store.ReplaceAsync(token, cancellationToken);
        return token.Token;
    }

    /// <summary>Requires that a text is the account's token of a purpose. It stays until it is removed with what it allows.</summary>
    /// <exception cref="XrpcException">InvalidToken, ExpiredToken.</exception>
    public async ValueTask RequireAsync(EmailTokenPurpose purpose, Did did, string text, CancellationToken cancellationToken)
    {
        EmailToken? token = await store.FindAsync(purpose, did, cancellationToken);
        if (token is null || !AreEqual(token.Token, text.ToUpperInvariant()))
        {
            throw new XrpcException(AccountErrors.InvalidToken, "Token is invalid");
        }

        RequireFresh(token);
    }

    /// <summary>The account whose token of a purpose a text is.</summary>
    /// <exception cref="XrpcException">InvalidToken, ExpiredToken.</exception>
    public async ValueTask<Did> RequireAsync(EmailTokenPurpose purpose, string text, CancellationToken cancellationToken)
    {
        EmailToken token = await store.FindAsync(purpose, text.ToUpperInvariant(), cancellationToken)
            ?? throw new XrpcException(AccountErrors.InvalidToken, "Token is invalid");
        RequireFresh(token);
        return token.Did;
    }

    private static bool AreEqual(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));

    private void RequireFresh(EmailToken token)
    {
        if (time.GetUtcNow() - token.RequestedAt > EmailToken.Lifetime)
        {
            throw new XrpcException(AccountErrors.ExpiredToken, "Token is expired");
        }
    }
}
