using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pds.IntegrationTests.Accounts.Mailing;

/// <summary>Tokens out of the mailbox.</summary>
internal static partial class GivenMail
{
    public static string EmailOf(AccountClient account) => $"{account.Handle}@example.com";

    public static string TokenIn(string text) => Token().Match(text) is { Success: true } match ? match.Value : throw new AssertionException($"No token in: {text}");

    /// <summary>The token of the last mail to an address.</summary>
    public static string LastToken(this PdsApplication pds, string email) => TokenIn(pds.Mails.First(mail => mail.Mail.To == email).Mail.Text);

    /// <summary>Calls a method that mails a token, and gives the token.</summary>
    public static async Task<string> RequestTokenAsync(this PdsApplication pds, AccountClient account, string method, string? email = null)
    {
        HttpResponseMessage response = await account.PostAsync(method);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return pds.LastToken(email ?? EmailOf(account));
    }

    /// <summary>An account whose address is confirmed.</summary>
    public static async Task<AccountClient> CreateConfirmedAccountAsync(this PdsApplication pds)
    {
        AccountClient account = await pds.CreateAccountAsync();
        HttpResponseMessage response = await account.PostAsync(
            "com.atproto.server.confirmEmail", new JsonObject { ["email"] = EmailOf(account), ["token"] = pds.LastToken(EmailOf(account)) });
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return account;
    }

    public static async Task<JsonNode> SessionAsync(this AccountClient account) => await (await account.GetAsync("com.atproto.server.getSession")).ShouldBeJsonAsync();

    [GeneratedRegex("\\b[A-Z2-7]{5}-[A-Z2-7]{5}\\b")]
    private static partial Regex Token();
}
