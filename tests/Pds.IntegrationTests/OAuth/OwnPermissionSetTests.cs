using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Infrastructure.Http;
using Pds.Infrastructure.Identity;

namespace Pds.IntegrationTests.OAuth;

/// <summary>Permission sets that an account of this server published: they are read here, since this server may not reach its own public address.</summary>
internal sealed class OwnPermissionSetTests : PdsTest
{
    private const string Set = "net.notes.app.authFull";
    private string? _authority;

    [Test]
    public async Task Flow_WithASetOfAnAccountHere_GrantsWhatItNames_AndAsksNobody()
    {
        using AccountClient publisher = await Pds.CreateAccountAsync();
        using AccountClient account = await Pds.CreateAccountAsync();
        _authority = publisher.Did.ToString();
        await publisher.CreateRecordAsync("com.atproto.lexicon.schema", JsonNode.Parse(
            """
            {"$type":"com.atproto.lexicon.schema","lexicon":1,"id":"SET","defs":{"main":{"type":"permission-set","title":"Notes","detail":"Notes.",
             "permissions":[{"type":"permission","resource":"repo","collection":["net.notes.app.note"]}]}}}
            """.Replace("SET", Set, StringComparison.Ordinal))!.AsObject(), Set);
        using OAuthClient client = new(Pds) { ClientId = OAuthClient.Loopback + Uri.EscapeDataString($"atproto include:{Set}"), Scope = $"atproto include:{Set}" };

        JsonNode tokens = await client.SignInAsync(account);
        HttpResponseMessage resolved = await Pds.Http.GetXrpcAsync("com.atproto.lexicon.resolveLexicon", ("nsid", Set));

        Assert.That(tokens["scope"]!.GetValue<string>(), Is.EqualTo("atproto repo:net.notes.app.note"));
        Assert.That(resolved.StatusCode, Is.EqualTo(HttpStatusCode.OK), await resolved.Content.ReadAsStringAsync());
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(services: services =>
    {
        services.Replace(ServiceDescriptor.Singleton<TxtLookup>((name, _, _, _) =>
            Task.FromResult<IReadOnlyList<string>?>(name == "_lexicon.app.notes.net" && _authority is not null ? [$"did={_authority}"] : [])));
        services.Replace(ServiceDescriptor.Singleton<HostLookup>((_, _) => throw new InvalidOperationException("Nobody is to be asked.")));
    });
}
