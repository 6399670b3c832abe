using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Routing;
using Pds.Api.Xrpc;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.Accounts.Mailing;
using Pds.IntegrationTests.Blobs;
using Pds.IntegrationTests.Proxying;

namespace Pds.IntegrationTests.Lexicons;

/// <summary>
/// Whole answers of the published methods of accounts, identities, moderators and preferences against their lexicons: nested objects and members of unions, too, and
/// nothing beside what is published. A method of ours without an example fails.
/// </summary>
[Category(SharedData.Category)]
internal sealed class PublishedAccountMethodTests : ProxyTest
{
    private const string Server = "com.atproto.server.";
    private const string Identity = "com.atproto.identity.";
    private const string Admin = "com.atproto.admin.";
    private const string Actor = "app.bsky.actor.";

    /// <summary>Groups that other tests compare, or whose answers other services give.</summary>
    private static readonly string[] s_elsewhere =
        ["com.atproto.repo.", "com.atproto.sync.", "app.bsky.notification.", "com.atproto.moderation.", "com.atproto.lexicon."];

    /// <summary>Members that the reference server has and the lexicon lacks.</summary>
    private static readonly string[] s_beside = ["answer has blobUploadLimit, which is not published"];

    private AccountClient _bob = null!;
    private HttpClient _operator = null!;
    private JsonObject _record = null!;
    private JsonObject _blob = null!;
    private string _code = null!;

    private JsonObject Account => new() { ["$type"] = "com.atproto.admin.defs#repoRef", ["did"] = _bob.Did.ToString() };

    private static IEnumerable<string> Methods() => PublishedSchema.Folder is null ? [] :
        from type in typeof(XrpcController).Assembly.GetTypes()
        where type.IsSubclassOf(typeof(XrpcController))
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        from route in method.GetCustomAttributes<HttpMethodAttribute>()
        where route.Template is { } template && !template.StartsWith('_') && !Array.Exists(s_elsewhere, prefix => template.StartsWith(prefix, StringComparison.Ordinal))
        orderby route.Template
        select route.Template;

    protected override IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>
    {
        ["PDS_CONTACT_EMAIL_ADDRESS"] = "operator@example.com",
        ["PDS_PRIVACY_POLICY_URL"] = "https://pds.example.com/privacy",
        ["PDS_TERMS_OF_SERVICE_URL"] = "https://pds.example.com/terms",
    };

    /// <summary>Bob was invited by Alice, has a code of his own, a record with a blob, and an application password.</summary>
    [SetUp]
    public async Task FillAsync()
    {
        _operator = Pds.CreateOperator();
        JsonNode invite = await (await CommandAsync(Server + "createInviteCode", new() { ["useCount"] = 3, ["forAccount"] = Alice.Did.ToString() })).ShouldBeJsonAsync();
        _code = invite["code"]!.GetValue<string>();
        JsonObject signUp = GivenAccounts.SignUp($"bob{Guid.NewGuid().ToString("N")[..8]}.test");
        signUp["inviteCode"] = _code;
        _bob = new AccountClient(Pds, await (await Pds.Http.PostXrpcAsync(Server + "createAccount", signUp)).ShouldBeJsonAsync());
        await CommandAsync(Server + "createInviteCode", new() { ["useCount"] = 1, ["forAccount"] = _bob.Did.ToString() });
        await _bob.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "app", ["privileged"] = true });
        JsonNode blob = await _bob.UploadAsync();
        JsonNode made = await _bob.CreateRecordAsync("com.example.note", new JsonObject { ["$type"] = "com.example.note", ["picture"] = blob.DeepClone() });
        _record = new() { ["$type"] = "com.atproto.repo.strongRef", ["uri"] = made["uri"]!.DeepClone(), ["cid"] = made["cid"]!.DeepClone() };
        _blob = new()
        {
            ["$type"] = "com.atproto.admin.defs#repoBlobRef",
            ["did"] = _bob.Did.ToString(),
            ["cid"] = blob.CidOf().ToString(),
            ["recordUri"] = made["uri"]!.DeepClone(),
        };
    }

    [TearDown]
    public void SignBobOut()
    {
        _bob.Dispose();
        _operator.Dispose();
    }

    [Test]
    public void Methods_WereFound()
    {
        SharedData.Require("lexicons");

        Assert.That(Methods().Count(), Is.GreaterThan(50));
    }

    [TestCaseSource(nameof(Methods))]
    public async Task Answer_IsWhatTheLexiconSaysAndNoMore(string method)
    {
        foreach (HttpResponseMessage response in await AskAllAsync(method))
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync();
            string text = Encoding.UTF8.GetString(body);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
            if (PublishedSchema.OutputEncoding(method) is null)
            {
                Assert.That(text, Is.Empty);
                continue;
            }

            Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json; charset=utf-8"));
            Assert.That(PublishedSchema.FaultsOfOutput(method, JsonElement.Parse(body)).Except(s_beside), Is.Empty, text);
        }
    }

    /// <summary>Calls that succeed, as many as the method has kinds of answers.</summary>
    private async Task<IReadOnlyList<HttpResponseMessage>> AskAllAsync(string method) => method switch
    {
        Server + "describeServer" => [await Pds.Http.GetXrpcAsync(method)],
        Server + "createAccount" => [await Pds.Http.PostXrpcAsync(method, GivenAccounts.SignUp($"new{Guid.NewGuid().ToString("N")[..8]}.test"))],
        Server + "createSession" => [await Pds.Http.SignInAsync(_bob.Handle.ToString()), await SignInTakenDownAsync()],
        Server + "getSession" or Server + "checkAccountStatus" or Server + "getAccountInviteCodes" or Server + "listAppPasswords"
            or Identity + "getRecommendedDidCredentials" or "com.atproto.temp.checkSignupQueue" => [await _bob.GetAsync(method), await Alice.GetAsync(method)],
        Server + "refreshSession" or Server + "deleteSession" => [await Pds.Http.SendAsync(HttpMethod.Post, method, _bob.RefreshJwt)],
        Server + "createAppPassword" => [await _bob.PostAsync(method, new JsonObject { ["name"] = "other" })],
        Server + "revokeAppPassword" => [await _bob.PostAsync(method, new JsonObject { ["name"] = "app" })],
        Server + "getServiceAuth" => [await _bob.GetAsync(method, ("aud", "did:web:service.example.com"), ("lxm", "com.example.method"))],
        Server + "activateAccount" or Server + "requestAccountDelete" or Server + "requestEmailConfirmation" or Server + "requestEmailUpdate"
            or Identity + "requestPlcOperationSignature" => [await _bob.PostAsync(method)],
        Server + "deactivateAccount" => [await _bob.PostAsync(method, new JsonObject { ["deleteAfter"] = "2099-01-01T00:00:00.000Z" })],
        Server + "confirmEmail" => [await _bob.PostAsync(method, new JsonObject { ["email"] = GivenMail.EmailOf(_bob), ["token"] = Pds.LastToken(GivenMail.EmailOf(_bob)) })],
        Server + "updateEmail" => [await _bob.PostAsync(method, new JsonObject { ["email"] = $"other.{GivenMail.EmailOf(_bob)}" })],
        Server + "requestPasswordReset" => [await Pds.Http.PostXrpcAsync(method, new JsonObject { ["email"] = GivenMail.EmailOf(_bob) })],
        Server + "resetPassword" => [await ResetPasswordAsync()],
        Server + "deleteAccount" => [await DeleteAccountAsync()],
        Server + "reserveSigningKey" => [await Pds.Http.PostXrpcAsync(method, new JsonObject()), await Pds.Http.PostXrpcAsync(method, new JsonObject { ["did"] = "did:web:new.example.com" })],
        Server + "createInviteCode" => [await CommandAsync(method, new() { ["useCount"] = 1 })],
        Server + "createInviteCodes" => [await CommandAsync(method, new() { ["codeCount"] = 2, ["useCount"] = 1, ["forAccounts"] = new JsonArray(_bob.Did.ToString(), Alice.Did.ToString()) })],
        Identity + "resolveHandle" => [await Pds.Http.GetXrpcAsync(method, ("handle", _bob.Handle))],
        Identity + "resolveDid" => [await Pds.Http.GetXrpcAsync(method, ("did", _bob.Did))],
        Identity + "resolveIdentity" => [await Pds.Http.GetXrpcAsync(method, ("identifier", _bob.Did)), await Pds.Http.GetXrpcAsync(method, ("identifier", _bob.Handle))],
        Identity + "refreshIdentity" => [await _bob.PostAsync(method, new JsonObject { ["identifier"] = _bob.Did.ToString() })],
        Identity + "updateHandle" => [await _bob.PostAsync(method, new JsonObject { ["handle"] = $"x{_bob.Handle}" })],
        Identity + "signPlcOperation" => [await SignAsync()],
        Identity + "submitPlcOperation" => [await SubmitAsync()],
        Admin + "getAccountInfo" => [await AskAsync(method, ("did", _bob.Did)), await AskAsync(method, ("did", Alice.Did))],
        Admin + "getAccountInfos" => [await _operator.GetAsync(new Uri($"/xrpc/{method}?dids={_bob.Did}&dids={Alice.Did}", UriKind.Relative))],
        Admin + "searchAccounts" => [await AskAsync(method, ("limit", 2)), await AskAsync(method, ("email", GivenMail.EmailOf(_bob)))],
        Admin + "getSubjectStatus" =>
        [
            await JudgedAsync(Account, method, ("did", _bob.Did)),
            await JudgedAsync(_record, method, ("uri", _record["uri"])),
            await JudgedAsync(_blob, method, ("did", _bob.Did), ("blob", _blob["cid"])),
        ],
        Admin + "updateSubjectStatus" => [await JudgeAsync(Account), await JudgeAsync(_record), await JudgeAsync(_blob), await CommandAsync(method, new() { ["subject"] = Account })],
        Admin + "getInviteCodes" => [await AskAsync(method, ("sort", "recent")), await AskAsync(method, ("sort", "usage"))],
        Admin + "disableInviteCodes" => [await CommandAsync(method, new() { ["codes"] = new JsonArray(_code) })],
        Admin + "disableAccountInvites" or Admin + "enableAccountInvites" => [await CommandAsync(method, new() { ["account"] = _bob.Did.ToString() })],
        Admin + "updateAccountHandle" => [await CommandAsync(method, new() { ["did"] = _bob.Did.ToString(), ["handle"] = $"y{_bob.Handle}" })],
        Admin + "updateAccountEmail" => [await CommandAsync(method, new() { ["account"] = _bob.Did.ToString(), ["email"] = $"by.operator.{_bob.Handle}@example.com" })],
        Admin + "updateAccountPassword" => [await CommandAsync(method, new() { ["did"] = _bob.Did.ToString(), ["password"] = "another password" })],
        Admin + "updateAccountSigningKey" => [await RotateAsync()],
        Admin + "sendEmail" => [await CommandAsync(method, new() { ["recipientDid"] = _bob.Did.ToString(), ["content"] = "<p>hi</p>", ["senderDid"] = Alice.Did.ToString() })],
        Admin + "deleteAccount" => [await CommandAsync(method, new() { ["did"] = _bob.Did.ToString() })],
        "com.atproto.temp.checkHandleAvailability" =>
            [await Pds.Http.GetXrpcAsync(method, ("handle", "unheard-of.test")), await Pds.Http.GetXrpcAsync(method, ("handle", _bob.Handle), ("email", "bobby.tables@example.com"))],
        Actor + "putPreferences" => [await PutPreferencesAsync()],
        Actor + "getPreferences" => [await GetPreferencesAsync()],
        _ => throw new InvalidOperationException($"{method} has no example yet."),
    };

    private Task<HttpResponseMessage> CommandAsync(string method, JsonObject input) => _operator.PostXrpcAsync(method, input);

    private Task<HttpResponseMessage> AskAsync(string method, params (string Name, object? Value)[] parameters) => _operator.GetXrpcAsync(method, parameters);

    private Task<HttpResponseMessage> JudgeAsync(JsonObject subject) => CommandAsync(
        Admin + "updateSubjectStatus", new() { ["subject"] = subject.DeepClone(), ["takedown"] = new JsonObject { ["applied"] = true, ["ref"] = "r" } });

    private async Task<HttpResponseMessage> JudgedAsync(JsonObject subject, string method, params (string Name, object? Value)[] parameters)
    {
        await JudgeAsync(subject);
        return await AskAsync(method, parameters);
    }

    private async Task<HttpResponseMessage> SignInTakenDownAsync()
    {
        await JudgeAsync(Account);
        return await Pds.Http.SignInAsync(_bob.Did.ToString(), allowTakendown: true);
    }

    private async Task<HttpResponseMessage> ResetPasswordAsync()
    {
        await Pds.Http.PostXrpcAsync(Server + "requestPasswordReset", new JsonObject { ["email"] = GivenMail.EmailOf(_bob) });
        return await Pds.Http.PostXrpcAsync(Server + "resetPassword", new JsonObject { ["token"] = await LastResetTokenAsync(), ["password"] = "another password" });
    }

    /// <summary>The mail is sent behind the answer.</summary>
    private async Task<string> LastResetTokenAsync()
    {
        for (int attempt = 0; ; attempt++)
        {
            if (Pds.Mails.FirstOrDefault(mail => mail.Mail.To == GivenMail.EmailOf(_bob) && mail.Mail.Subject.Contains("Password", StringComparison.OrdinalIgnoreCase)) is { } mail)
            {
                return GivenMail.TokenIn(mail.Mail.Text);
            }

            Assert.That(attempt, Is.LessThan(500), "no mail came");
            await Task.Yield();
        }
    }

    private async Task<HttpResponseMessage> DeleteAccountAsync()
    {
        string token = await Pds.RequestTokenAsync(_bob, Server + "requestAccountDelete");
        return await Pds.Http.PostXrpcAsync(
            Server + "deleteAccount", new JsonObject { ["did"] = _bob.Did.ToString(), ["password"] = PdsApplication.Password, ["token"] = token });
    }

    private async Task<HttpResponseMessage> SignAsync()
    {
        string token = await Pds.RequestTokenAsync(_bob, Identity + "requestPlcOperationSignature");
        return await _bob.PostAsync(Identity + "signPlcOperation", new JsonObject { ["token"] = token });
    }

    private async Task<HttpResponseMessage> SubmitAsync()
    {
        JsonNode signed = await (await SignAsync()).ShouldBeJsonAsync();
        return await _bob.PostAsync(Identity + "submitPlcOperation", new JsonObject { ["operation"] = signed["operation"]!.DeepClone() });
    }

    private async Task<HttpResponseMessage> RotateAsync()
    {
        JsonNode reserved = await (await Pds.Http.PostXrpcAsync(Server + "reserveSigningKey", new JsonObject { ["did"] = _bob.Did.ToString() })).ShouldBeJsonAsync();
        return await CommandAsync(Admin + "updateAccountSigningKey", new() { ["did"] = _bob.Did.ToString(), ["signingKey"] = reserved["signingKey"]!.DeepClone() });
    }

    private async Task<HttpResponseMessage> GetPreferencesAsync()
    {
        await PutPreferencesAsync();
        return await _bob.GetAsync(Actor + "getPreferences");
    }

    private Task<HttpResponseMessage> PutPreferencesAsync() => _bob.PostAsync(Actor + "putPreferences", new JsonObject
    {
        ["preferences"] = new JsonArray(
            new JsonObject { ["$type"] = Actor + "defs#adultContentPref", ["enabled"] = false },
            new JsonObject { ["$type"] = Actor + "defs#personalDetailsPref", ["birthDate"] = "1990-01-01T00:00:00.000Z" }),
    });
}
