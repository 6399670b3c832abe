using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Domain.Crypto;
using Pds.Domain.Identity;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.Accounts.Mailing;
using Pds.IntegrationTests.Sync;

namespace Pds.IntegrationTests.Identity;

internal sealed class PlcOperationFlowTests : PdsTest
{
    private const string Identity = "com.atproto.identity.";

    [Test]
    public async Task GetRecommendedDidCredentials_IsWhatTheIdentitySays()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        JsonNode credentials = await (await alice.GetAsync(Identity + "getRecommendedDidCredentials")).ShouldBeJsonAsync();

        PlcData data = (await LastAsync(alice)).Data!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials["rotationKeys"]!.AsArray().Select(key => (string?)key), Is.EqualTo(data.RotationKeys));
            Assert.That(credentials["alsoKnownAs"]!.AsArray().Select(alias => (string?)alias), Is.EqualTo(data.AlsoKnownAs));
            Assert.That((string?)credentials["verificationMethods"]!["atproto"], Is.EqualTo(data.VerificationMethods["atproto"]));
            Assert.That((string?)credentials["services"]!["atproto_pds"]!["type"], Is.EqualTo("AtprotoPersonalDataServer"));
            Assert.That((string?)credentials["services"]!["atproto_pds"]!["endpoint"], Is.EqualTo(Pds.Options.Server.PublicOrigin));
        }
    }

    // Pitfall G 137.
    [Test]
    public async Task SignPlcOperation_ReplacesGivenPartsWhollyAndSubmitsNothing()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        PlcOperation last = await LastAsync(alice);
        string token = await Pds.RequestTokenAsync(alice, Identity + "requestPlcOperationSignature");
        string ownKey = NewKey().ToDidKey();
        JsonObject input = new()
        {
            ["token"] = token,
            ["rotationKeys"] = new JsonArray(ownKey, last.Data!.RotationKeys[^1]),
            ["services"] = new JsonObject { ["other"] = new JsonObject { ["type"] = "Other", ["endpoint"] = "https://other.example" } },
        };

        JsonNode output = await (await alice.PostAsync(Identity + "signPlcOperation", input)).ShouldBeJsonAsync();

        var operation = PlcOperation.FromJson(Encoding.UTF8.GetBytes(output["operation"]!.ToJsonString()));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(operation.Prev, Is.EqualTo(last.Cid));
            Assert.That(operation.Data!.RotationKeys, Is.EqualTo([ownKey, last.Data.RotationKeys[^1]]));
            Assert.That(operation.Data.Services.Keys, Is.EqualTo(["other"]));
            Assert.That(operation.Data.AlsoKnownAs, Is.EqualTo(last.Data.AlsoKnownAs));
            Assert.That(operation.IsSignedBy(Pds.Services.GetRequiredService<ServerIdentity>().RotationKey.PublicKey, Pds.Services.GetRequiredService<IVerifier>()), Is.True);
            Assert.That((await LastAsync(alice)).Cid, Is.EqualTo(last.Cid));
        }

        await (await alice.PostAsync(Identity + "signPlcOperation", input.DeepClone())).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [Test]
    public async Task SignPlcOperation_WithoutTheToken_Refuses()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.RequestTokenAsync(alice, Identity + "requestPlcOperationSignature");

        JsonNode missing = await (await alice.PostAsync(Identity + "signPlcOperation", new JsonObject())).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        await (await alice.PostAsync(Identity + "signPlcOperation", new JsonObject { ["token"] = "AAAAA-AAAAA" })).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");

        Assert.That((string?)missing["message"], Is.EqualTo("email confirmation token required to sign PLC operations"));
    }

    [TestCase("services", """{"a":{"type":"b"}}""")]
    [TestCase("services", "[]")]
    [TestCase("verificationMethods", """{"atproto":1}""")]
    [TestCase("rotationKeys", "[null]")]
    public async Task SignPlcOperation_WhenAPartIsMisshapen_RefusesAndKeepsTheToken(string part, string json)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string token = await Pds.RequestTokenAsync(alice, Identity + "requestPlcOperationSignature");

        await (await alice.PostAsync(Identity + "signPlcOperation", new JsonObject { ["token"] = token, [part] = JsonNode.Parse(json) }))
            .ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

        await (await alice.PostAsync(Identity + "signPlcOperation", new JsonObject { ["token"] = token })).ShouldBeJsonAsync();
    }

    [Test]
    public async Task SignPlcOperation_WhenTheIdentityIsTombstoned_SaysSo()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string token = await Pds.RequestTokenAsync(alice, Identity + "requestPlcOperationSignature");
        var tombstone = PlcOperation.SignTombstone((await LastAsync(alice)).Cid, Pds.Services.GetRequiredService<ServerIdentity>().RotationKey);
        await Pds.Services.GetRequiredService<IPlcDirectory>().SubmitAsync(alice.Did, tombstone, CancellationToken.None);

        // Only somebody with the token learns what the directory says.
        await (await alice.PostAsync(Identity + "signPlcOperation", new JsonObject { ["token"] = "AAAAA-AAAAA" })).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        JsonNode body = await (await alice.PostAsync(Identity + "signPlcOperation", new JsonObject { ["token"] = token })).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

        Assert.That((string?)body["message"], Is.EqualTo("Did is tombstoned"));
    }

    [Test]
    public async Task SignPlcOperation_WhenTakenDown_StillLetsTheOwnerLeave()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.TakeDownAsync(alice.Did);
        using AccountClient leaving = new(Pds, await (await Pds.Http.SignInAsync(alice.Did.ToString(), allowTakendown: true)).ShouldBeJsonAsync());
        string token = await Pds.RequestTokenAsync(leaving, Identity + "requestPlcOperationSignature");

        HttpResponseMessage response = await leaving.PostAsync(Identity + "signPlcOperation", new JsonObject { ["token"] = token });

        await response.ShouldBeJsonAsync();
    }

    [Test]
    public async Task SubmitPlcOperation_WhenAllIsRight_ChangesTheIdentityAndTellsItWithoutAHandle()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await using FirehoseClient firehose = await FirehoseClient.OpenAsync(Pds.Origin, "cursor=0");
        string ownKey = NewKey().ToDidKey();

        HttpResponseMessage response = await SubmitAsync(alice, data => data with { RotationKeys = [ownKey, .. data.RotationKeys] });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        Assert.That((await LastAsync(alice)).Data!.RotationKeys[0], Is.EqualTo(ownKey));
        await firehose.WaitForAsync(frame => frame.Type == "#identity" && (string?)frame.Body["did"] == alice.Did.ToString() && !frame.Body.ContainsKey("handle"));
    }

    // Pitfall G 139.
    [TestCase("type", "Incorrect type on atproto_pds service")]
    [TestCase("no service", "Incorrect type on atproto_pds service")]
    [TestCase("endpoint", "Incorrect endpoint on atproto_pds service")]
    [TestCase("key", "Incorrect signing key")]
    [TestCase("handle", "Incorrect handle in alsoKnownAs")]
    [TestCase("no handle", "Incorrect handle in alsoKnownAs")]
    public async Task SubmitPlcOperation_WhenTheServerCouldNotServeIt_RefusesAndSubmitsNothing(string fault, string message)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        PlcOperation last = await LastAsync(alice);
        string origin = Pds.Options.Server.PublicOrigin;

        HttpResponseMessage response = await SubmitAsync(alice, data => fault switch
        {
            "type" => data with { Services = new Dictionary<string, PlcService> { ["atproto_pds"] = new("Other", origin) } },
            "no service" => data with { Services = new Dictionary<string, PlcService>() },
            "endpoint" => data with { Services = new Dictionary<string, PlcService> { ["atproto_pds"] = new("AtprotoPersonalDataServer", origin + "/") } },
            "key" => data with { VerificationMethods = new Dictionary<string, string> { ["atproto"] = NewKey().ToDidKey() } },
            "handle" => data with { AlsoKnownAs = ["at://other.test", .. data.AlsoKnownAs] },
            _ => data with { AlsoKnownAs = [] },
        });

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Is.EqualTo(message));
        Assert.That((await LastAsync(alice)).Cid, Is.EqualTo(last.Cid));
    }

    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"type":"plc_operation"}""")]
    [TestCase("""{"type":"plc_tombstone","prev":"bafyreib7m5fuzh7nu44guxvc7cslunuzgebaat2gsfp3fc4rkanuirpequ","sig":"a"}""")]
    public async Task SubmitPlcOperation_WhenItIsNone_Refuses(string json)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage response = await alice.PostAsync(Identity + "submitPlcOperation", new JsonObject { ["operation"] = JsonNode.Parse(json) });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task SubmitPlcOperation_WhenTheSignatureIsNobodys_TellsWhatTheDirectorySays()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        PlcOperation last = await LastAsync(alice);
        IKeyFactory keys = Pds.Services.GetRequiredService<IKeyFactory>();
        var forged = PlcOperation.SignUpdate(last.Data!, last.Cid, keys.CreateSigner(KeyCurve.Secp256k1, keys.Generate(KeyCurve.Secp256k1)));

        HttpResponseMessage response = await PostAsync(alice, forged);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task Migration_OfAnIdentityFromElsewhere_EndsWithAnActiveAccount()
    {
        ForeignIdentity carol = await Pds.CreateForeignIdentityAsync("carola.test");
        using AccountClient moved = await carol.MoveInAsync();
        JsonNode wanted = await (await moved.GetAsync(Identity + "getRecommendedDidCredentials")).ShouldBeJsonAsync();
        PlcData data = new()
        {
            RotationKeys = [carol.Rotation.PublicKey.ToDidKey(), .. wanted["rotationKeys"]!.AsArray().Select(key => (string)key!)],
            AlsoKnownAs = [.. wanted["alsoKnownAs"]!.AsArray().Select(alias => (string)alias!)],
            VerificationMethods = new Dictionary<string, string> { ["atproto"] = (string)wanted["verificationMethods"]!["atproto"]! },
            Services = new Dictionary<string, PlcService> { ["atproto_pds"] = new((string)wanted["services"]!["atproto_pds"]!["type"]!, (string)wanted["services"]!["atproto_pds"]!["endpoint"]!) },
        };

        HttpResponseMessage submitted = await PostAsync(moved, PlcOperation.SignUpdate(data, carol.Genesis.Cid, carol.Rotation));
        HttpResponseMessage activated = await moved.PostAsync("com.atproto.server.activateAccount");

        Assert.That(new[] { submitted.StatusCode, activated.StatusCode }, Is.All.EqualTo(HttpStatusCode.OK));
        await moved.CreateRecordAsync();
    }

    private async Task<HttpResponseMessage> SubmitAsync(AccountClient account, Func<PlcData, PlcData> change)
    {
        PlcOperation last = await LastAsync(account);
        return await PostAsync(account, PlcOperation.SignUpdate(change(last.Data!), last.Cid, Pds.Services.GetRequiredService<ServerIdentity>().RotationKey));
    }

    private static Task<HttpResponseMessage> PostAsync(AccountClient account, PlcOperation operation) =>
        account.PostAsync(Identity + "submitPlcOperation", new JsonObject { ["operation"] = JsonNode.Parse(operation.ToJson()) });

    private PublicKey NewKey()
    {
        IKeyFactory keys = Pds.Services.GetRequiredService<IKeyFactory>();
        return keys.CreateSigner(KeyCurve.Secp256k1, keys.Generate(KeyCurve.Secp256k1)).PublicKey;
    }

    private async Task<PlcOperation> LastAsync(AccountClient account) =>
        (await Pds.Services.GetRequiredService<IPlcDirectory>().FindLastAsync(account.Did, CancellationToken.None))!;
}
