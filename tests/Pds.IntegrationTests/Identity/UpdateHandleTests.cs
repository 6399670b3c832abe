using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Infrastructure.Identity;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.Sync;

namespace Pds.IntegrationTests.Identity;

internal sealed class UpdateHandleTests : PdsTest
{
    private const string Method = "com.atproto.identity.updateHandle";

    /// <summary>What the owners of handles elsewhere publish.</summary>
    private readonly ConcurrentDictionary<string, Did> _published = new();

    /// <summary>Documents of did:web identities.</summary>
    private readonly ConcurrentDictionary<Did, string> _documents = new();

    [Test]
    public async Task UpdateHandle_UnderAServiceDomain_ChangesIdentityAndAccountAndTellsIt()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await using FirehoseClient firehose = await FirehoseClient.OpenAsync(Pds.Origin, "cursor=0");

        HttpResponseMessage response = await UpdateAsync(alice, "Renamed.test");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        await firehose.WaitForAsync(frame => frame.Type == "#identity" && (string?)frame.Body["did"] == alice.Did.ToString() && (string?)frame.Body["handle"] == "renamed.test");
        JsonNode session = await (await alice.GetAsync("com.atproto.server.getSession")).ShouldBeJsonAsync();
        Assert.That((string?)session["handle"], Is.EqualTo("renamed.test"));
        JsonNode document = await (await Pds.Http.GetXrpcAsync("com.atproto.identity.resolveDid", ("did", alice.Did))).ShouldBeJsonAsync();
        Assert.That((string?)document["didDoc"]!["alsoKnownAs"]![0], Is.EqualTo("at://renamed.test"));
        JsonNode resolved = await (await Pds.Http.GetXrpcAsync("com.atproto.identity.resolveHandle", ("handle", "renamed.test"))).ShouldBeJsonAsync();
        Assert.That((string?)resolved["did"], Is.EqualTo(alice.Did.ToString()));
        await (await Pds.Http.GetXrpcAsync("com.atproto.identity.resolveHandle", ("handle", alice.Handle))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "HandleNotFound");
    }

    [Test]
    public async Task UpdateHandle_ToTheSame_IsTakenAndToldAgainWithoutAnOperation()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        PlcOperation before = await LastAsync(alice.Did);
        await using FirehoseClient firehose = await FirehoseClient.OpenAsync(Pds.Origin, "cursor=0");

        HttpResponseMessage response = await UpdateAsync(alice, alice.Handle.ToString());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await LastAsync(alice.Did)).Cid, Is.EqualTo(before.Cid));
        await firehose.WaitForAsync(_ => firehose.Events.Count(frame => frame.Type == "#identity" && (string?)frame.Body["did"] == alice.Did.ToString()) == 2);
    }

    [Test]
    public async Task UpdateHandle_ElsewhereWhenTheOwnerPublishesIt_IsAskedAnewEveryTime()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage early = await UpdateAsync(alice, "alice.example.com");
        _published["alice.example.com"] = alice.Did;
        HttpResponseMessage late = await UpdateAsync(alice, "alice.example.com");

        JsonNode refusal = await early.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)refusal["message"], Is.EqualTo("External handle did not resolve to DID"));
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.OK), await late.Content.ReadAsStringAsync());
        Assert.That((await LastAsync(alice.Did)).Data!.AlsoKnownAs, Is.EqualTo(["at://alice.example.com"]));
    }

    [Test]
    public async Task Handle_ElsewhereThatNamesSomebodyElse_IsNotTaken()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        ForeignIdentity carol = await Pds.CreateForeignIdentityAsync("carol.example.com");
        _published["carol.example.com"] = Did.Parse("did:plc:somebodyelsesomebodyelse");
        JsonObject moving = GivenAccounts.SignUp(carol.Handle);
        moving["did"] = carol.Did.ToString();

        HttpResponseMessage renamed = await UpdateAsync(alice, carol.Handle);
        HttpResponseMessage moved = await Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.createAccount", carol.Token(), moving);
        using HttpClient admin = Pds.CreateOperator();
        HttpResponseMessage byOperator = await admin.PostXrpcAsync("com.atproto.admin.updateAccountHandle", new JsonObject { ["did"] = alice.Did.ToString(), ["handle"] = carol.Handle });

        foreach (HttpResponseMessage response in new[] { renamed, moved, byOperator })
        {
            JsonNode refusal = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
            Assert.That((string?)refusal["message"], Is.EqualTo("External handle did not resolve to DID"));
        }

        Assert.That((await LastAsync(alice.Did)).Data!.AlsoKnownAs, Is.EqualTo([$"at://{alice.Handle}"]));
        Assert.That((string?)(await (await alice.GetAsync("com.atproto.server.getSession")).ShouldBeJsonAsync())["handle"], Is.EqualTo(alice.Handle.ToString()));
        _published["carol.example.com"] = carol.Did;
        await (await Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.createAccount", carol.Token(), moving.DeepClone())).ShouldBeJsonAsync();
    }

    [Test]
    public async Task UpdateHandle_WhenSomebodyElseHasIt_AnswersHandleNotAvailable([Values] bool deactivated)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using AccountClient bob = await Pds.CreateAccountAsync();
        if (deactivated)
        {
            await bob.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());
        }

        HttpResponseMessage response = await UpdateAsync(alice, bob.Handle.ToString().ToUpperInvariant());

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "HandleNotAvailable");
        Assert.That((await LastAsync(alice.Did)).Data!.AlsoKnownAs, Is.EqualTo([$"at://{alice.Handle}"]));
    }

    [TestCase("ab.test", "InvalidHandle")]
    [TestCase("a.b.test", "InvalidHandle")]
    [TestCase("abcdefghijklmnopqrs.test", "InvalidHandle")]
    [TestCase("admin.test", "HandleNotAvailable")]
    [TestCase("nonsense", "InvalidRequest")]
    [TestCase(" spaced.test", "InvalidRequest")]
    [TestCase("wikipedia.test", "HandleNotAvailable")]
    [TestCase("somebody.local", "InvalidHandle")]
    public async Task UpdateHandle_WhenItWillNotDo_SaysWhy(string handle, string error)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage response = await UpdateAsync(alice, handle);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
    }

    [Test]
    public async Task UpdateHandle_WhenDeactivated_Works()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await alice.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());

        HttpResponseMessage response = await UpdateAsync(alice, "sleeping.test");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task UpdateHandle_WithoutASessionOrTakenDown_Refuses()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.TakeDownAsync(alice.Did);

        await (await UpdateAsync(alice, "other.test")).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AccountTakedown");
        await (await Pds.Http.PostXrpcAsync(Method, new JsonObject { ["handle"] = "other.test" })).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthMissing");
    }

    [Test]
    public async Task UpdateHandle_WhenTheServerMayNotChangeTheIdentity_ChangesNothing()
    {
        ForeignIdentity carol = await Pds.CreateForeignIdentityAsync("carol.test");
        using AccountClient moved = await carol.MoveInAsync();

        HttpResponseMessage response = await UpdateAsync(moved, "caroline.test");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        JsonNode session = await (await moved.GetAsync("com.atproto.server.getSession")).ShouldBeJsonAsync();
        Assert.That((string?)session["handle"], Is.EqualTo("carol.test"));
    }

    [Test]
    public async Task UpdateHandle_OfADidWeb_NeedsTheDocumentToNameItFirst()
    {
        var did = Did.Parse("did:web:dave.example.com");
        IKeyFactory keys = Pds.Services.GetRequiredService<IKeyFactory>();
        ISigner signing = keys.CreateSigner(KeyCurve.Secp256k1, keys.Generate(KeyCurve.Secp256k1));
        _published["dave.example.com"] = did;
        _published["david.example.com"] = did;
        Publish(did, signing.PublicKey, "dave.example.com");
        JsonObject input = GivenAccounts.SignUp("dave.example.com");
        input["did"] = did.ToString();
        string token = Pds.Services.GetRequiredService<ServiceAuthTokens>().Issue(
            signing, did, Pds.Options.Server.ServiceIdentity.ToString(), Nsid.Parse("com.atproto.server.createAccount"));
        using AccountClient dave = new(Pds, await (await Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.createAccount", token, input)).ShouldBeJsonAsync());

        HttpResponseMessage early = await UpdateAsync(dave, "david.example.com");
        Publish(did, signing.PublicKey, "david.example.com");
        HttpResponseMessage late = await UpdateAsync(dave, "david.example.com");

        JsonNode refusal = await early.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)refusal["message"], Is.EqualTo("DID is not properly configured for handle"));
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.OK), await late.Content.ReadAsStringAsync());
        JsonNode credentials = await (await dave.GetAsync("com.atproto.identity.getRecommendedDidCredentials")).ShouldBeJsonAsync();
        Assert.That(credentials["rotationKeys"], Is.Null);
        Assert.That((string?)credentials["alsoKnownAs"]![0], Is.EqualTo("at://david.example.com"));
        await (await dave.PostAsync("com.atproto.identity.requestPlcOperationSignature")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        await (await dave.PostAsync("com.atproto.identity.submitPlcOperation", new JsonObject { ["operation"] = new JsonObject() }))
            .ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(services: services =>
    {
        services.Replace(ServiceDescriptor.Singleton<HandleLookup>((handle, _) =>
            Task.FromResult(_published.TryGetValue(handle.ToString(), out Did did) ? HandleAnswer.Of(did.ToString()) : HandleAnswer.Nothing)));
        services.Replace(ServiceDescriptor.Singleton<DidFetch>(provider => (did, cancellationToken) => _documents.TryGetValue(did, out string? document)
            ? Task.FromResult<DidDocument?>(DidDocument.Parse(did, Encoding.UTF8.GetBytes(document)))
            : provider.GetRequiredService<DidResolver>().FetchAsync(did, cancellationToken)));
    });

    private static Task<HttpResponseMessage> UpdateAsync(AccountClient account, string handle) => account.PostAsync(Method, new JsonObject { ["handle"] = handle });

    private void Publish(Did did, PublicKey key, string handle) => _documents[did] = $$"""
        {"id":"{{did}}","alsoKnownAs":["at://{{handle}}"],"verificationMethod":[{"id":"#atproto","type":"Multikey","controller":"{{did}}","publicKeyMultibase":"{{key.ToMultikey()}}"}]}
        """;

    private async Task<PlcOperation> LastAsync(Did did) => (await Pds.Services.GetRequiredService<IPlcDirectory>().FindLastAsync(did, CancellationToken.None))!;
}
