using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.IntegrationTests.Accounts;

/// <summary>What tests of accounts ask for again and again.</summary>
internal static class GivenAccounts
{
    private const string Server = "com.atproto.server.";

    public static JsonObject SignUp(string handle, string? email = null, string? password = PdsApplication.Password)
    {
        JsonObject input = new() { ["handle"] = handle, ["email"] = email ?? $"{handle}@example.com" };
        if (password is not null)
        {
            input["password"] = password;
        }

        return input;
    }

    public static Task<HttpResponseMessage> SignInAsync(this HttpClient http, string identifier, string password = PdsApplication.Password, bool allowTakendown = false) =>
        http.PostXrpcAsync(Server + "createSession", new JsonObject { ["identifier"] = identifier, ["password"] = password, ["allowTakendown"] = allowTakendown });

    /// <summary>Sends a token with one request.</summary>
    public static async Task<HttpResponseMessage> SendAsync(this HttpClient http, HttpMethod verb, string method, string token, JsonNode? input = null)
    {
        using HttpRequestMessage request = new(verb, new Uri($"/xrpc/{method}", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (input is not null)
        {
            request.Content = new StringContent(input.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return await http.SendAsync(request);
    }

    /// <summary>A client behind a proxy that says where it is.</summary>
    public static HttpClient CreateClientFrom(this PdsApplication pds, string address)
    {
        HttpClient http = pds.CreateClient();
        http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return http;
    }

    public static HttpClient CreateOperator(this PdsApplication pds)
    {
        HttpClient http = pds.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{PdsApplication.AdminPassword}")));
        return http;
    }

    public static async Task TakeDownAsync(this PdsApplication pds, Did did, bool applied = true)
    {
        using HttpClient admin = pds.CreateOperator();
        await (await admin.PostXrpcAsync("com.atproto.admin.updateSubjectStatus", new JsonObject
        {
            ["subject"] = new JsonObject { ["$type"] = "com.atproto.admin.defs#repoRef", ["did"] = did.ToString() },
            ["takedown"] = new JsonObject { ["applied"] = applied, ["ref"] = "test" },
        })).ShouldBeJsonAsync();
    }

    /// <summary>An identity that lives elsewhere, registered with the directory of the server under test.</summary>
    public static async Task<ForeignIdentity> CreateForeignIdentityAsync(this PdsApplication pds, string handle, bool withLabelKey = false)
    {
        IKeyFactory keys = pds.Services.GetRequiredService<IKeyFactory>();
        ISigner rotation = keys.CreateSigner(KeyCurve.Secp256k1, keys.Generate(KeyCurve.Secp256k1));
        ISigner signing = keys.CreateSigner(KeyCurve.Secp256k1, keys.Generate(KeyCurve.Secp256k1));
        ISigner? label = withLabelKey ? keys.CreateSigner(KeyCurve.Secp256k1, keys.Generate(KeyCurve.Secp256k1)) : null;
        Dictionary<string, string> published = new(StringComparer.Ordinal) { ["atproto"] = signing.PublicKey.ToDidKey() };
        if (label is not null)
        {
            published["atproto_label"] = label.PublicKey.ToDidKey();
        }

        var genesis = PlcOperation.SignGenesis(
            new PlcData
            {
                RotationKeys = [rotation.PublicKey.ToDidKey()],
                VerificationMethods = published,
                AlsoKnownAs = [$"at://{handle}"],
                Services = new Dictionary<string, PlcService> { ["atproto_pds"] = new("AtprotoPersonalDataServer", "https://old.example") },
            },
            rotation);
        Did did = genesis.DeriveDid();
        await pds.Services.GetRequiredService<IPlcDirectory>().SubmitAsync(did, genesis, CancellationToken.None);
        return new ForeignIdentity(pds, did, handle, rotation, signing, genesis, label);
    }
}

/// <summary>An identity with keys that the server does not have.</summary>
internal sealed record ForeignIdentity(PdsApplication Pds, Did Did, string Handle, ISigner Rotation, ISigner Signing, PlcOperation Genesis, ISigner? Label)
{
    /// <summary>A token by which the identity asks to be taken in.</summary>
    public string Token(string method = "com.atproto.server.createAccount", string? audience = null, ISigner? signer = null) =>
        Pds.Services.GetRequiredService<ServiceAuthTokens>().Issue(signer ?? Signing, Did, audience ?? Pds.Options.Server.ServiceIdentity.ToString(), Nsid.Parse(method));

    public async Task<AccountClient> MoveInAsync()
    {
        JsonObject input = GivenAccounts.SignUp(Handle);
        input["did"] = Did.ToString();
        return new AccountClient(Pds, await (await Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.createAccount", Token(), input)).ShouldBeJsonAsync());
    }

    /// <summary>Makes the server the identity's home.</summary>
    public async Task PointHereAsync()
    {
        ISigner local = await Pds.Services.GetRequiredService<ISigningKeys>().GetAsync(Did, CancellationToken.None);
        ServerIdentity server = Pds.Services.GetRequiredService<ServerIdentity>();
        PlcData data = server.Describe(Domain.Identifiers.Handle.Parse(Handle), local.PublicKey, Rotation.PublicKey.ToDidKey());
        await Pds.Services.GetRequiredService<IPlcDirectory>().SubmitAsync(Did, PlcOperation.SignUpdate(data, Genesis.Cid, Rotation), CancellationToken.None);
    }
}
