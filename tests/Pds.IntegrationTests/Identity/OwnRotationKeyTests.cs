using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Domain.Identity;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.Accounts.Mailing;

namespace Pds.IntegrationTests.Identity;

/// <summary>Accounts whose owners keep the rotation keys of their did:plc to themselves.</summary>
internal sealed class OwnRotationKeyTests : PdsTest
{
    private const string Identity = "com.atproto.identity.";
    private const string Server = "com.atproto.server.";
    private const string Admin = "com.atproto.admin.";

    [Test]
    public async Task ActivateAccount_WhenHandleKeyAndEndpointAreRight_Works()
    {
        ForeignIdentity carol = await Pds.CreateForeignIdentityAsync("carol.test");
        using AccountClient moved = await carol.MoveInAsync();
        PlcOperation operation = await SignAsync(carol, data => data);

        HttpResponseMessage submitted = await SubmitAsync(moved, operation);
        JsonNode status = await (await moved.GetAsync(Server + "checkAccountStatus")).ShouldBeJsonAsync();
        HttpResponseMessage activated = await moved.PostAsync(Server + "activateAccount");

        Assert.That(submitted.StatusCode, Is.EqualTo(HttpStatusCode.OK), await submitted.Content.ReadAsStringAsync());
        Assert.That((bool?)status["validDid"], Is.True);
        Assert.That(activated.StatusCode, Is.EqualTo(HttpStatusCode.OK), await activated.Content.ReadAsStringAsync());
        await moved.CreateRecordAsync();
    }

    [Test]
    public async Task UpdateSubjectStatus_ThatActivates_AsksForNoMoreThanTheOwnerIs()
    {
        (ForeignIdentity dave, AccountClient moved) = await MoveInAsync("dave.test");
        await moved.PostAsync(Server + "deactivateAccount", new JsonObject());

        JsonNode answer = await PostAsAdminAsync("updateSubjectStatus", new JsonObject
        {
            ["subject"] = new JsonObject { ["$type"] = "com.atproto.admin.defs#repoRef", ["did"] = dave.Did.ToString() },
            ["deactivated"] = new JsonObject { ["applied"] = false },
        });
        await Pds.TakeDownAsync(dave.Did);
        await Pds.TakeDownAsync(dave.Did, applied: false);

        Assert.That((string?)answer["subject"]!["did"], Is.EqualTo(dave.Did.ToString()));
        await moved.CreateRecordAsync();
    }

    [Test]
    public async Task UpdateHandle_NeedsTheOwnersSignature_AndNoneOfOursOnceItIsPublished()
    {
        (ForeignIdentity erin, AccountClient moved) = await MoveInAsync("erin.test");

        HttpResponseMessage early = await moved.PostAsync(Identity + "updateHandle", new JsonObject { ["handle"] = "erina.test" });
        await PublishAsync(await SignAsync(erin, data => data with { AlsoKnownAs = ["https://erin.example", "at://erina.test", "at://erin.test"] }), erin);
        PlcOperation published = await LastAsync(erin);
        HttpResponseMessage late = await moved.PostAsync(Identity + "updateHandle", new JsonObject { ["handle"] = "erina.test" });

        JsonNode refusal = await early.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)refusal["message"], Does.StartWith("Server rotation key not included in PLC DID data").And.Contain(OurKey()));
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.OK), await late.Content.ReadAsStringAsync());
        Assert.That((await LastAsync(erin)).Cid, Is.EqualTo(published.Cid));
        Assert.That((string?)(await moved.SessionAsync())["handle"], Is.EqualTo("erina.test"));
    }

    [Test]
    public async Task UpdateAccountHandle_ByTheOperator_SaysTheSame()
    {
        (ForeignIdentity frank, _) = await MoveInAsync("frank.test");
        using HttpClient admin = Pds.CreateOperator();

        HttpResponseMessage response = await admin.PostXrpcAsync(Admin + "updateAccountHandle", new JsonObject { ["did"] = frank.Did.ToString(), ["handle"] = "franky.test" });

        JsonNode refusal = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)refusal["message"], Does.StartWith("Server rotation key not included in PLC DID data"));
    }

    [Test]
    public async Task SignPlcOperation_WhenOurSignatureCountsForNothing_RefusesAndKeepsTheToken()
    {
        (ForeignIdentity grace, AccountClient moved) = await MoveInAsync("grace.test");
        string token = await Pds.RequestTokenAsync(moved, Identity + "requestPlcOperationSignature");

        HttpResponseMessage early = await moved.PostAsync(Identity + "signPlcOperation", new JsonObject { ["token"] = token });
        await PublishAsync(await SignAsync(grace, data => data with { RotationKeys = [.. data.RotationKeys, OurKey()] }), grace);
        HttpResponseMessage late = await moved.PostAsync(Identity + "signPlcOperation", new JsonObject { ["token"] = token });

        JsonNode refusal = await early.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)refusal["message"], Does.StartWith("Server rotation key not included in PLC DID data"));
        await late.ShouldBeJsonAsync();
    }

    [Test]
    public async Task UpdateAccountSigningKey_NeedsTheOwnersSignature_AndNoneOfOursOnceItIsPublished()
    {
        (ForeignIdentity heidi, AccountClient moved) = await MoveInAsync("heidi.test");
        JsonNode reserved = await (await Pds.Http.PostXrpcAsync(Server + "reserveSigningKey", new JsonObject { ["did"] = heidi.Did.ToString() })).ShouldBeJsonAsync();
        string key = reserved["signingKey"]!.GetValue<string>();
        JsonObject input = new() { ["did"] = heidi.Did.ToString(), ["signingKey"] = key };
        using HttpClient admin = Pds.CreateOperator();

        HttpResponseMessage early = await admin.PostXrpcAsync(Admin + "updateAccountSigningKey", input.DeepClone());
        await PublishAsync(await SignAsync(heidi, data => data with { VerificationMethods = new Dictionary<string, string> { ["atproto"] = key } }), heidi);
        HttpResponseMessage late = await admin.PostXrpcAsync(Admin + "updateAccountSigningKey", input.DeepClone());

        JsonNode refusal = await early.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)refusal["message"], Does.StartWith("Server rotation key not included in PLC DID data"));
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.OK), await late.Content.ReadAsStringAsync());
        await moved.CreateRecordAsync();
    }

    /// <summary>An active account of which only its owner has rotation keys.</summary>
    private async Task<(ForeignIdentity Owner, AccountClient Client)> MoveInAsync(string handle)
    {
        ForeignIdentity owner = await Pds.CreateForeignIdentityAsync(handle);
        AccountClient client = await owner.MoveInAsync();
        await PublishAsync(await SignAsync(owner, data => data), owner);
        HttpResponseMessage activated = await client.PostAsync(Server + "activateAccount");
        Assert.That(activated.StatusCode, Is.EqualTo(HttpStatusCode.OK), await activated.Content.ReadAsStringAsync());
        return (owner, client);
    }

    /// <summary>An operation that makes this server the identity's home, without our rotation key, and with a change of the test's.</summary>
    private async Task<PlcOperation> SignAsync(ForeignIdentity owner, Func<PlcData, PlcData> change)
    {
        string local = (await Pds.Services.GetRequiredService<ISigningKeys>().GetAsync(owner.Did, CancellationToken.None)).PublicKey.ToDidKey();
        PlcOperation last = await LastAsync(owner);
        PlcData data = new()
        {
            RotationKeys = [owner.Rotation.PublicKey.ToDidKey()],
            VerificationMethods = new Dictionary<string, string> { ["atproto"] = local },
            AlsoKnownAs = [$"at://{owner.Handle}"],
            Services = new Dictionary<string, PlcService> { ["atproto_pds"] = new("AtprotoPersonalDataServer", Pds.Options.Server.PublicOrigin) },
        };
        return PlcOperation.SignUpdate(change(data), last.Cid, owner.Rotation);
    }

    private Task PublishAsync(PlcOperation operation, ForeignIdentity owner) =>
        Pds.Services.GetRequiredService<IPlcDirectory>().SubmitAsync(owner.Did, operation, CancellationToken.None);

    private async Task<PlcOperation> LastAsync(ForeignIdentity owner) =>
        (await Pds.Services.GetRequiredService<IPlcDirectory>().FindLastAsync(owner.Did, CancellationToken.None))!;

    private static Task<HttpResponseMessage> SubmitAsync(AccountClient account, PlcOperation operation) =>
        account.PostAsync(Identity + "submitPlcOperation", new JsonObject { ["operation"] = JsonNode.Parse(operation.ToJson()) });

    private async Task<JsonNode> PostAsAdminAsync(string method, JsonObject input)
    {
        using HttpClient admin = Pds.CreateOperator();
        return await (await admin.PostXrpcAsync(Admin + method, input)).ShouldBeJsonAsync();
    }

    private string OurKey() => Pds.Services.GetRequiredService<ServerIdentity>().RotationKey.PublicKey.ToDidKey();
}
