using System.Net;
using System.Text;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Http;
using Pds.Infrastructure.Identity;

namespace Pds.UnitTests.Identity.Resolution;

internal sealed class HandleResolverTests
{
    private const string ByDns = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
    private const string ByHttps = "did:web:pds.example.org";

    private static readonly Handle Alice = Handle.Parse("alice.example.org");

    [Test]
    public async Task Resolve_WhenDnsAndHttpsDiffer_TakesDns() =>
        Assert.That(await ResolveAsync(["did=" + ByDns], ByHttps), Is.EqualTo(ByDns));

    [Test]
    public async Task Resolve_WhenDnsHasNothing_TakesHttps() => Assert.That(await ResolveAsync([], ByHttps), Is.EqualTo(ByHttps));

    [Test]
    public async Task Resolve_WhenDnsDoesNotAnswer_TakesHttps() => Assert.That(await ResolveAsync(null, ByHttps), Is.EqualTo(ByHttps));

    // Pitfall G 140.
    [Test]
    public async Task Resolve_WhenTwoRecordsNameDids_LetsHttpsDecide() =>
        Assert.That(await ResolveAsync(["did=" + ByDns, "did=did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"], ByHttps), Is.EqualTo(ByHttps));

    [Test]
    public async Task Resolve_WhenOtherRecordsStandBeside_TakesTheOne() =>
        Assert.That(await ResolveAsync(["v=spf1 -all", "DID=did:plc:x", "did=" + ByDns], null), Is.EqualTo(ByDns));

    [TestCase("did=not a did")]
    [TestCase("did=did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme")]
    [TestCase("did= did:plc:ewvi7nxzyoun6zhxrhs64oiz")]
    public async Task Resolve_WhenRecordIsNoUsefulDid_HasNoDnsResult(string record) => Assert.That(await ResolveAsync([record], null), Is.Null);

    [TestCase("did:plc:ewvi7nxzyoun6zhxrhs64oiz\n", "did:plc:ewvi7nxzyoun6zhxrhs64oiz")]
    [TestCase("  did:plc:ewvi7nxzyoun6zhxrhs64oiz \r\nmore", "did:plc:ewvi7nxzyoun6zhxrhs64oiz")]
    [TestCase("\ndid:plc:ewvi7nxzyoun6zhxrhs64oiz", null)]
    [TestCase("<html>", null)]
    [TestCase("", null)]
    public async Task Resolve_ByHttps_ReadsTheFirstLine(string body, string? expected) => Assert.That(await ResolveAsync([], body), Is.EqualTo(expected));

    [Test]
    public async Task Resolve_WhenHttpsAnswersAnError_HasNoResult() => Assert.That(await ResolveAsync([], ByHttps, HttpStatusCode.NotFound), Is.Null);

    [Test]
    public async Task Resolve_WhenBodyIsTooLong_HasNoResult() => Assert.That(await ResolveAsync([], ByHttps + "\n" + new string('x', 2048)), Is.Null);

    [TestCase("alice.local")]
    [TestCase("alice.internal")]
    [TestCase("alice.onion")]
    public async Task Resolve_WhenTopLevelDomainIsDisallowed_AsksNobody(string handle)
    {
        using var transport = new ScriptedTransport(_ => throw new InvalidOperationException("asked"));
        HandleResolver resolver = Create(transport, (_, _, _, _) => throw new InvalidOperationException("asked"));

        HandleAnswer answer = await resolver.ResolveAsync(Handle.Parse(handle), CancellationToken.None);

        Assert.That(answer, Is.EqualTo(HandleAnswer.Nothing));
    }

    [Test]
    public async Task Resolve_WhenNothingWasFound_AsksTheBackupNameservers()
    {
        using var transport = new ScriptedTransport(_ => new(HttpStatusCode.NotFound));
        var options = new IdentitySettings { BackupNameservers = { "192.0.2.53" } };
        HandleResolver resolver = Create(transport, (name, servers, _, _) => Task.FromResult<IReadOnlyList<string>?>(
            name == "_atproto.alice.example.org" && servers is [{ Port: 53 } only] && only.Address.Equals(IPAddress.Parse("192.0.2.53")) ? ["did=" + ByDns] : []), options);

        HandleAnswer answer = await resolver.ResolveAsync(Alice, CancellationToken.None);

        Assert.That(answer.Did?.ToString(), Is.EqualTo(ByDns));
    }

    [TestCase(true, HttpStatusCode.NotFound, true)]
    [TestCase(false, HttpStatusCode.NotFound, false)]
    [TestCase(true, null, false)]
    public async Task Resolve_WhenSomebodyWasNotHeard_IsNotCertain(bool dnsAnswers, HttpStatusCode? status, bool isCertain)
    {
        using var transport = new ScriptedTransport(_ => status is { } code ? new(code) : throw new HttpRequestException("down"));
        HandleResolver resolver = Create(transport, (_, _, _, _) => Task.FromResult<IReadOnlyList<string>?>(dnsAnswers ? [] : null));

        Assert.That(await resolver.ResolveAsync(Alice, CancellationToken.None), Is.EqualTo(new HandleAnswer(null, isCertain)));
    }

    [Test]
    public void Resolve_WhenCallerGivesUp_IsCanceled()
    {
        using var transport = new ScriptedTransport(_ => new(HttpStatusCode.NotFound));
        HandleResolver resolver = Create(transport, (_, _, _, token) => Task.FromCanceled<IReadOnlyList<string>?>(token));

        Assert.That(() => resolver.ResolveAsync(Alice, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task<string?> ResolveAsync(string[]? texts, string? body, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var transport = new ScriptedTransport(_ =>
            body is null ? new(HttpStatusCode.NotFound) : new(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) });
        HandleAnswer answer = await Create(transport, (_, _, _, _) => Task.FromResult<IReadOnlyList<string>?>(texts)).ResolveAsync(Alice, CancellationToken.None);
        return answer.Did?.ToString();
    }

    private static HandleResolver Create(ScriptedTransport transport, TxtLookup texts, IdentitySettings? options = null) =>
        new(options ?? new IdentitySettings(), texts, GuardedHttp.Over(transport, new ServerSettings(), TimeProvider.System));
}
