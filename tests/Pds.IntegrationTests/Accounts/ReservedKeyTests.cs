using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Identity;
using Pds.Domain.Identity;

namespace Pds.IntegrationTests.Accounts;

/// <summary>Signing keys that somebody who moves in puts into the identity beforehand.</summary>
internal sealed class ReservedKeyTests : PdsTest
{
    private const string Server = "com.atproto.server.";

    [Test]
    public async Task CreateAccount_WithADidThatHasAReservedKey_SignsWithIt()
    {
        ForeignIdentity carol = await Pds.CreateForeignIdentityAsync("carol.test");
        string key = await ReserveAsync(carol.Did.ToString());
        PlcData data = new()
        {
            RotationKeys = [carol.Rotation.PublicKey.ToDidKey()],
            VerificationMethods = new Dictionary<string, string> { ["atproto"] = key },
            AlsoKnownAs = [$"at://{carol.Handle}"],
            Services = new Dictionary<string, PlcService> { ["atproto_pds"] = new("AtprotoPersonalDataServer", Pds.Options.Server.PublicOrigin) },
        };
        using AccountClient moved = await carol.MoveInAsync();
        await Pds.Services.GetRequiredService<IPlcDirectory>().SubmitAsync(carol.Did, PlcOperation.SignUpdate(data, carol.Genesis.Cid, carol.Rotation), CancellationToken.None);

        JsonNode recommended = await (await moved.GetAsync("com.atproto.identity.getRecommendedDidCredentials")).ShouldBeJsonAsync();
        HttpResponseMessage activated = await moved.PostAsync(Server + "activateAccount");

        Assert.That((string?)recommended["verificationMethods"]!["atproto"], Is.EqualTo(key));
        Assert.That(activated.StatusCode, Is.EqualTo(HttpStatusCode.OK), await activated.Content.ReadAsStringAsync());
        await moved.CreateRecordAsync();
        Assert.That(await ReserveAsync(carol.Did.ToString()), Is.Not.EqualTo(key), "a used key is not reserved any more");
    }

    [Test]
    public async Task CreateAccount_WhenItIsRefused_LeavesTheKeyReserved()
    {
        ForeignIdentity dave = await Pds.CreateForeignIdentityAsync("dave.test");
        string key = await ReserveAsync(dave.Did.ToString());
        JsonObject input = GivenAccounts.SignUp(dave.Handle, "not an address");
        input["did"] = dave.Did.ToString();

        HttpResponseMessage refused = await Pds.Http.SendAsync(HttpMethod.Post, Server + "createAccount", dave.Token(), input);

        await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(await ReserveAsync(dave.Did.ToString()), Is.EqualTo(key));
    }

    private async Task<string> ReserveAsync(string did)
    {
        JsonNode answer = await (await Pds.Http.PostXrpcAsync(Server + "reserveSigningKey", new JsonObject { ["did"] = did })).ShouldBeJsonAsync();
        return answer["signingKey"]!.GetValue<string>();
    }
}
