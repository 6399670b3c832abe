using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Application.Pipeline;
using Pds.Application.Proxying;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Infrastructure.Identity;
using Pds.UnitTests.Crypto;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Identity.Resolution;

internal sealed class ResolveIdentityTests
{
    private const string AliceDid = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
    private const string BobDid = "did:web:bob.example.org";

    private readonly FakeHandles _handles = new();
    private readonly FakeDids _dids = new();
    private readonly ServerSettings _options = new() { Hostname = "pds.example.com", ServiceHandleDomains = { ".pds.example.com" } };
    private InProcessPlcDirectory _plc = null!;
    private ServiceProvider _services = null!;
    private IMediator _mediator = null!;

    [SetUp]
    public void SetUp()
    {
        _handles.Dids.Clear();
        _handles.Asked.Clear();
        _dids.Documents.Clear();
        _dids.Asked.Clear();
        _plc = new InProcessPlcDirectory(new InMemoryPlcLogStore(), GivenKeys.Verifier, new ManualTime());
        _services = new ServiceCollection()
            .AddLogging()
            .AddMediatR(mediatr => mediatr.RegisterServicesFromAssembly(typeof(ResolveHandleQuery).Assembly))
            .AddSingleton(FindableAccounts.Of(
                Account(AliceDid, "alice.pds.example.com"),
                Account("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "gone.pds.example.com") with { DeactivatedAt = DateTimeOffset.UnixEpoch },
                Account(BobDid, "bob.example.org")))
            .AddSingleton<IHandleResolver>(_handles)
            .AddSingleton<IDidResolver>(_dids)
            .AddSingleton<IPlcDirectory>(_plc)
            .AddSingleton<ISigningKeys>(new OneKey())
            .AddSingleton(_options)
            .AddSingleton(new ProxyingSettings())
            .AddSingleton(new ModerationSettings())
            .AddProxyingUseCases()
            .AddSingleton<IServiceClient>(new NoServices())
            .BuildServiceProvider();
        _mediator = _services.GetRequiredService<IMediator>();
    }

    [TearDown]
    public void TearDown() => _services.Dispose();

    [TestCase("alice.pds.example.com", AliceDid)]
    [TestCase("ALICE.pds.example.com", AliceDid)]
    [TestCase("bob.example.org", BobDid)]
    public async Task ResolveHandle_WhenItIsOurs_AsksNobody(string handle, string did)
    {
        ResolveHandleOutput output = await _mediator.Send(new ResolveHandleQuery(handle));

        Assert.That(output.Did.ToString(), Is.EqualTo(did));
        Assert.That(_handles.Asked, Is.Empty);
    }

    [TestCase("nobody.pds.example.com")]
    [TestCase("gone.pds.example.com")]
    [TestCase("pds.example.com")]
    public async Task ResolveHandle_WhenUnknownUnderOurDomain_IsNotFoundWithoutAsking(string handle)
    {
        XrpcError error = await RefusalAsync(new ResolveHandleQuery(handle));

        Assert.That(error, Is.EqualTo(IdentityErrors.HandleNotFound));
        Assert.That(_handles.Asked, Is.Empty);
    }

    [Test]
    public async Task ResolveHandle_WhenElsewhere_AsksWithCache()
    {
        _handles.Dids["carol.example.net"] = AliceDid;

        ResolveHandleOutput output = await _mediator.Send(new ResolveHandleQuery("carol.example.net"));

        Assert.That(output.Did.ToString(), Is.EqualTo(AliceDid));
        Assert.That(_handles.Asked, Is.EqualTo(["cached carol.example.net"]));
    }

    [TestCase("carol.example.net", "InvalidRequest")]
    [TestCase("not a handle", "InvalidRequest")]
    [TestCase("", "InvalidRequest")]
    public async Task ResolveHandle_WhenThereIsNone_IsRefused(string handle, string error) =>
        Assert.That((await RefusalAsync(new ResolveHandleQuery(handle))).Name, Is.EqualTo(error));

    [Test]
    public async Task ResolveDid_GivesTheDocument()
    {
        _dids.Documents[AliceDid] = GivenDocument.Of(AliceDid);

        ResolveDidOutput output = await _mediator.Send(new ResolveDidQuery(Did.Parse(AliceDid)));

        Assert.That(output.DidDoc, Is.SameAs(_dids.Documents[AliceDid]));
    }

    [Test]
    public async Task ResolveDid_WhenUnknown_IsDidNotFound() =>
        Assert.That(await RefusalAsync(new ResolveDidQuery(Did.Parse(AliceDid))), Is.EqualTo(IdentityErrors.DidNotFound));

    [Test]
    public async Task ResolveDid_WhenTombstoned_IsDidDeactivated()
    {
        var did = Did.Parse(GivenPlc.Did);
        await _plc.SubmitAsync(did, GivenPlc.Genesis(), CancellationToken.None);
        await _plc.SubmitAsync(did, PlcOperation.SignTombstone(GivenPlc.Genesis().Cid, GivenKeys.Rotation()), CancellationToken.None);

        Assert.That(await RefusalAsync(new ResolveDidQuery(did)), Is.EqualTo(IdentityErrors.DidDeactivated));
    }

    // Pitfall G 142.
    [TestCase("alice.example.org", AliceDid, "alice.example.org")]
    [TestCase("alice.example.org", "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb", "handle.invalid")]
    [TestCase("alice.example.org", null, "handle.invalid")]
    public async Task ResolveIdentity_ByDid_VerifiesTheHandle(string claimed, string? leadsTo, string expected)
    {
        _dids.Documents[AliceDid] = GivenDocument.Of(AliceDid, claimed);
        if (leadsTo is not null)
        {
            _handles.Dids[claimed] = leadsTo;
        }

        IdentityInfo info = await _mediator.Send(new ResolveIdentityQuery(AtIdentifier.Parse(AliceDid)));

        Assert.That((info.Did.ToString(), info.Handle.ToString()), Is.EqualTo((AliceDid, expected)));
    }

    [TestCase("carol.example.net", "carol.example.net")]
    [TestCase("other.example.net", "handle.invalid")]
    public async Task ResolveIdentity_ByHandle_VerifiesTheDocument(string claimed, string expected)
    {
        _handles.Dids["carol.example.net"] = AliceDid;
        _dids.Documents[AliceDid] = GivenDocument.Of(AliceDid, claimed);

        IdentityInfo info = await _mediator.Send(new ResolveIdentityQuery(AtIdentifier.Parse("carol.example.net")));

        Assert.That((info.Did.ToString(), info.Handle.ToString()), Is.EqualTo((AliceDid, expected)));
    }

    [Test]
    public async Task ResolveIdentity_WhenHandleLeadsNowhere_IsHandleNotFound() =>
        Assert.That(await RefusalAsync(new ResolveIdentityQuery(AtIdentifier.Parse("carol.example.net"))), Is.EqualTo(IdentityErrors.HandleNotFound));

    [Test]
    public async Task RefreshIdentity_GoesPastTheCaches()
    {
        _handles.Dids["carol.example.net"] = AliceDid;
        _dids.Documents[AliceDid] = GivenDocument.Of(AliceDid, "carol.example.net");
        var command = new RefreshIdentityCommand(new Caller.Session(Did.Parse(BobDid), SessionScope.Access), new() { Identifier = AtIdentifier.Parse("carol.example.net") });

        await _mediator.Send(command);

        Assert.That(command.Required with { Scoped = null }, Is.EqualTo(Permission.Standard));
        Assert.That(command.Required.Scoped, Is.Empty);
        Assert.That(_handles.Asked.Concat(_dids.Asked), Is.EqualTo(["fresh carol.example.net", $"fresh {AliceDid}"]));
    }

    [TestCase("alice.pds.example.com", AliceDid)]
    [TestCase("gone.pds.example.com", null)]
    [TestCase("localhost", null)]
    public async Task GetHostedDid_GivesActiveAccountsOnly(string host, string? did) =>
        Assert.That((await _mediator.Send(new GetHostedDidQuery(host))).Did?.ToString(), Is.EqualTo(did));

    [TestCase("pds.example.com", "did:web:pds.example.com", null)]
    [TestCase("bob.example.org", BobDid, "at://bob.example.org")]
    [TestCase("alice.pds.example.com", null, null)]
    [TestCase("[::1]", null, null)]
    public async Task GetHostedDocument_IsForDidsThatAreTheHostName(string host, string? did, string? alias)
    {
        WebDidDocument? document = (await _mediator.Send(new GetHostedDocumentQuery(host))).Document;

        Assert.That(document?.Id, Is.EqualTo(did));
        Assert.That(document?.AlsoKnownAs?.Single(), Is.EqualTo(alias));
        Assert.That(document?.Service.Single().ServiceEndpoint, Is.EqualTo(did is null ? null : "https://pds.example.com"));
    }

    private async Task<XrpcError> RefusalAsync<T>(IRequest<T> message)
    {
        try
        {
            await _mediator.Send(message);
        }
        catch (XrpcException e)
        {
            return e.Error;
        }

        throw new AssertionException("It was not refused.");
    }

    private static Account Account(string did, string handle) => new() { Did = Did.Parse(did), Handle = Handle.Parse(handle), CreatedAt = DateTimeOffset.UnixEpoch };

    /// <summary>There is no AppView here, so nobody is called.</summary>
    private sealed class NoServices : IServiceClient
    {
        public Task<ServiceAnswer> SendAsync(ServiceCall call, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class OneKey : ISigningKeys
    {
        public ValueTask<ISigner> GetAsync(Did did, CancellationToken cancellationToken) => new(GivenKeys.Small(2));
    }
}
