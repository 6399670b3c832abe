using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Lexicons;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Lexicons;

namespace Pds.IntegrationTests.OAuth;

/// <summary>Permission sets from the push to the method (spec 07 §9.4, pitfall 124).</summary>
internal sealed class PermissionSetTests : PdsTest
{
    private const string Include = "include:net.notes.app.authFull";

    private readonly PublishedLexicons _lexicons = new();

    [SetUp]
    public void Publish() => _lexicons.Publish("net.notes.app.authFull",
        """
        {"title":"Notes","title:lang":{"de":"Notizen"},"detail":"Write your notes.","permissions":[
            {"type":"permission","resource":"repo","collection":["net.notes.app.note"],"action":["create"]},
            {"type":"permission","resource":"repo","collection":["net.other.note"]}]}
        """);

    [Test]
    public async Task Flow_WithASet_GrantsWhatItNames_AndNothingOfOthers()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith(Include);

        JsonNode tokens = await client.SignInAsync(account);
        string token = tokens["access_token"]!.GetValue<string>();
        HttpResponseMessage own = await client.CallAsync(HttpMethod.Post, "com.atproto.repo.createRecord", token, Note(account, "net.notes.app.note"));
        HttpResponseMessage foreign = await client.CallAsync(HttpMethod.Post, "com.atproto.repo.createRecord", token, Note(account, "net.other.note"));

        Assert.That(tokens["scope"]!.GetValue<string>(), Is.EqualTo("atproto repo:net.notes.app.note?action=create"));
        Assert.That(own.StatusCode, Is.EqualTo(HttpStatusCode.OK), await own.Content.ReadAsStringAsync());
        await foreign.ShouldBeXrpcErrorAsync(HttpStatusCode.Forbidden, "ScopeMissingError");
    }

    [Test]
    public async Task Consent_ShowsTheSetAndWhatItHolds()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith(Include);
        using Browser browser = new(Pds);

        Page page = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Text, Does.Contain("Notes").And.Contain("Write your notes."));
            Assert.That(page.Text, Does.Contain("Create records of net.notes.app.note").And.Contain(Include));
            Assert.That(page.Text, Does.Not.Contain("net.other.note"));
        }
    }

    [TestCase("include:net.notes.app.nowhere")]
    [TestCase("include:net.notes.app.note")]
    public async Task Push_OfASetThatCannotBeHad_IsRefused(string include)
    {
        _lexicons.PublishRecord("net.notes.app.note");
        using OAuthClient client = ClientWith(include);

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_scope");
    }

    [Test]
    public async Task Answer_WhenTheSetIsGoneInTheMeantime_GoesBackWithInvalidScope()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith(Include);
        using Browser browser = new(Pds);
        Page consent = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account);

        _lexicons.Forget("net.notes.app.authFull");
        Page page = await consent.SubmitAsync("answer", ("answer", "yes"));

        Assert.That(page.Answer()["error"], Is.EqualTo("invalid_scope"));
    }

    [Test]
    public async Task Refresh_TakesUpWhatTheSetHoldsNow_AndKeepsWhatItHeldWhileItCannotBeHad()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith("include:net.notes.app.authChanging");
        _lexicons.Publish("net.notes.app.authChanging", """{"permissions":[{"type":"permission","resource":"repo","collection":["net.notes.app.a"]}]}""");
        JsonNode first = await client.SignInAsync(account);

        _lexicons.Publish("net.notes.app.authChanging", """{"permissions":[{"type":"permission","resource":"repo","collection":["net.notes.app.b"]}]}""");
        JsonNode second = await (await client.PostAsync("/oauth/token", client.RefreshForm(first["refresh_token"]!.GetValue<string>()))).ShouldBeJsonAsync();
        _lexicons.Forget("net.notes.app.authChanging");
        JsonNode third = await (await client.PostAsync("/oauth/token", client.RefreshForm(second["refresh_token"]!.GetValue<string>()))).ShouldBeJsonAsync();

        string[] scopes = [.. new[] { first, second, third }.Select(tokens => tokens["scope"]!.GetValue<string>())];
        Assert.That(scopes, Is.EqualTo(new[] { "atproto repo:net.notes.app.a", "atproto repo:net.notes.app.b", "atproto repo:net.notes.app.b" }));
    }

    [Test]
    public async Task GetServiceAuth_WithASetThatInheritsItsAudience_IsOpenForThatServiceOnly()
    {
        _lexicons.Publish("net.notes.app.authCalls", """{"permissions":[{"type":"permission","resource":"rpc","lxm":["net.notes.app.getNotes"],"inheritAud":true}]}""");
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith("include:net.notes.app.authCalls?aud=did:web:notes.client.dev%23notes");
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage named = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getServiceAuth", token, query: "?aud=did:web:notes.client.dev%23notes&lxm=net.notes.app.getNotes");
        HttpResponseMessage other = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getServiceAuth", token, query: "?aud=did:web:other.client.dev%23notes&lxm=net.notes.app.getNotes");

        Assert.That(named.StatusCode, Is.EqualTo(HttpStatusCode.OK), await named.Content.ReadAsStringAsync());
        await other.ShouldBeXrpcErrorAsync(HttpStatusCode.Forbidden, "ScopeMissingError");
    }

    [Test]
    public async Task Push_OfMoreSetsThanCanBeFetched_IsRefused()
    {
        using OAuthClient client = ClientWith(string.Join(' ', Enumerable.Range(0, 21).Select(number => $"{Include}?aud=did:web:h{number}.client.dev%23x")));

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_scope");
    }

    protected override Task<PdsApplication> StartAsync() =>
        PdsApplication.StartAsync(services: services => services.Replace(ServiceDescriptor.Singleton<ILexiconResolver>(_lexicons)));

    private static JsonObject Note(AccountClient account, string collection) => new()
    {
        ["repo"] = account.Did.ToString(),
        ["collection"] = collection,
        ["record"] = new JsonObject { ["$type"] = collection, ["text"] = "hello" },
    };

    private OAuthClient ClientWith(string scope) => new(Pds) { ClientId = OAuthClient.Loopback + Uri.EscapeDataString($"atproto {scope}"), Scope = $"atproto {scope}" };

    /// <summary>Lexicons as if others had published them.</summary>
    private sealed class PublishedLexicons : ILexiconResolver
    {
        private readonly Dictionary<string, PublishedLexicon> _known = [];

        public void Publish(string nsid, string set)
        {
            JsonNode main = JsonNode.Parse(set)!;
            main["type"] = "permission-set";
            Add(nsid, main);
        }

        public void PublishRecord(string nsid) => Add(nsid, JsonNode.Parse("""{"type":"record","key":"any","record":{"type":"object","properties":{}}}""")!);

        public void Forget(string nsid) => _known.Remove(nsid);

        public ValueTask<LexiconLookup> ResolveAsync(Nsid nsid, CancellationToken cancellationToken) =>
            ValueTask.FromResult(_known.TryGetValue(nsid.ToString(), out PublishedLexicon? found) ? LexiconLookup.Found(found) : LexiconLookup.Failed($"No lexicon {nsid}"));

        private void Add(string nsid, JsonNode main)
        {
            byte[] json = Encoding.UTF8.GetBytes(new JsonObject { ["lexicon"] = 1, ["id"] = nsid, ["defs"] = new JsonObject { ["main"] = main } }.ToJsonString());
            DataMap record = DataMap.FromJson(json).WithType("com.atproto.lexicon.schema");
            _known[nsid] = new PublishedLexicon(AtUri.Parse($"at://did:web:notes.client.dev/com.atproto.lexicon.schema/{nsid}"), record.Cid, record, LexiconDocument.Parse(json));
        }
    }
}
