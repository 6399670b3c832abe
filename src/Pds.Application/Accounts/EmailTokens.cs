using System.Security.Cryptography;
using System.Text;
using Pds.Application.Settings;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Makes and judges e-mailed tokens: one for each purpose and account, good for 15 minutes, compared in upper case.</summary>
/// <remarks>Only a hash is kept, keyed with the server's secret, since 50 bits could be tried out. A few wrong texts end a token.</remarks>
internal sealed class EmailTokens(
    IEmailTokenStore store, WrongAttempts attempts, SecretSettings secrets, SignInSettings rules, TimeProvider time)
{
    private readonly byte[] _key = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secrets.JwtSecret), "e-mailed tokens"u8);

    /// <summary>Makes a token; the last one of the same purpose stops working.</summary>
    /// <returns>The text to mail, <c>XXXXX-XXXXX</c>.</returns>
    public async ValueTask<string> IssueAsync(EmailTokenPurpose purpose, Account account, CancellationToken cancellationToken)
    {
        string text = AccountCodes.NewEmailToken();
        await store.ReplaceAsync(new EmailToken(purpose, account.Did, HashOf(purpose, text), time.GetUtcNow()), SignInProof.Of(account), cancellationToken);
        attempts.MailedTokens.Forget(SubjectOf(purpose, account.Did), address: null);
        return text;
    }

    /// <summary>Requires that a text is the account's token of a purpose. It stays until it is used up with what it allows.</summary>
    /// <exception cref="XrpcException">InvalidToken, ExpiredToken.</exception>
    public async ValueTask<EmailToken> RequireAsync(EmailTokenPurpose purpose, Did did, string text, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(purpose, did, cancellationToken) is not { } token)
        {
            throw Invalid();
        }

        if (!AreEqual(token.Hash, HashOf(purpose, text)))
        {
            int limit = rules.MaxWrongEmailTokens;
            if (attempts.MailedTokens.Add(SubjectOf(purpose, did), address: null, limit) >= limit)
            {
                await store.RemoveAsync(token, cancellationToken);
            }

            throw Invalid();
        }

        RequireFresh(token);
        return token;
    }

    /// <summary>As <see cref="RequireAsync(EmailTokenPurpose, Did, string, CancellationToken)"/>, and the token is used up.</summary>
    /// <exception cref="XrpcException">InvalidToken, ExpiredToken.</exception>
    public async ValueTask ConsumeAsync(EmailTokenPurpose purpose, Did did, string text, CancellationToken cancellationToken)
    {
        EmailToken token = await RequireAsync(purpose, did, text, cancellationToken);
        if (!await store.RemoveAsync(token, cancellationToken))
        {
            throw Invalid();
        }
    }

    /// <summary>The token of a purpose that a text is, whosever it is.</summary>
    /// <exception cref="XrpcException">InvalidToken, ExpiredToken.</exception>
    public async ValueTask<EmailToken> RequireAsync(EmailTokenPurpose purpose, string text, CancellationToken cancellationToken)
    {
        EmailToken token = await store.FindAsync(purpose, HashOf(purpose, text), cancellationToken) ?? throw Invalid();
        RequireFresh(token);
        return token;
    }

    /// <summary>The refusal of a token that is wrong or used up.</summary>
    public static XrpcException Invalid() => new(AccountErrors.InvalidToken, "Token is invalid");

    private static string SubjectOf(EmailTokenPurpose purpose, Did did) => $"{purpose} {did}";

    private static bool AreEqual(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));

    private string HashOf(EmailTokenPurpose purpose, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{purpose} {text.Trim().ToUpperInvariant()}")));

    private void RequireFresh(EmailToken token)
    {
        if (time.GetUtcNow() - token.RequestedAt > EmailToken.Lifetime)
        {
            throw new XrpcException(AccountErrors.ExpiredToken, "Token is expired");
        }
    }
}
