using System.Buffers.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Factors;
using Pds.Domain.Errors;
using Pds.IntegrationTests.Accounts.Mailing;

namespace Pds.IntegrationTests.Factors;

/// <summary>Making and using passkeys, with an authenticator that tells the truth and one that does not.</summary>
internal sealed class PasskeyTests : PdsTest
{
    private readonly ManualTime _time = new();

    [Test]
    public async Task BeginPasskey_AsksForADiscoverableKeyOfThisServer()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        PasskeyQuestion question = await Pds.SendAsync(new BeginPasskeyCommand(alice.Caller(), await Pds.OpenDeviceAsync()));

        JsonNode asked = JsonNode.Parse(question.Options)!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)asked["rp"]!["id"], Is.EqualTo("localhost"));
            Assert.That((string?)asked["user"]!["name"], Is.EqualTo(alice.Handle.ToString()));
            Assert.That(Base64Url.DecodeFromChars((string)asked["user"]!["id"]!), Has.Length.LessThanOrEqualTo(64));
            Assert.That((string?)asked["authenticatorSelection"]!["residentKey"], Is.EqualTo("required"));
            Assert.That((string?)asked["authenticatorSelection"]!["userVerification"], Is.EqualTo("required"));
            Assert.That((string?)asked["attestation"], Is.EqualTo("none"));
        }
    }

    [Test]
    public async Task AddPasskey_KeepsItAndTellsTheOwner()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = Authenticator();
        using SoftwareAuthenticator stick = Authenticator();

        await Pds.AddPasskeyAsync(alice, phone, "  Phone <1> ");
        await Pds.AddPasskeyAsync(alice, stick, " ");

        ListFactorsOutput factors = await Pds.FactorsAsync(alice);
        Assert.That(factors.Passkeys.Select(key => (key.Id, key.Name, key.LastUsedAt)), Is.EqualTo([(phone.Id, "Phone <1>", (DateTimeOffset?)null), (stick.Id, "Passkey", null)]));
        Assert.That(Pds.Mails.Select(mail => (mail.Mail.To, mail.Mail.Text)), Has.Some.Matches<(string To, string Text)>(
            mail => mail.To == GivenMail.EmailOf(alice) && mail.Text.Contains("passkey was added", StringComparison.Ordinal) && mail.Text.Contains("Phone <1>", StringComparison.Ordinal)));
        Assert.That(Pds.Mails[0].Mail.Html, Does.Not.Contain("<1>"));
    }

    [Test]
    public async Task AddPasskey_ThatIsKnown_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using AccountClient bob = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = Authenticator();
        await Pds.AddPasskeyAsync(alice, phone);

        Assert.That(() => Pds.AddPasskeyAsync(bob, phone), Refused());

        Assert.That((await Pds.FactorsAsync(bob)).Passkeys, Is.Empty);
    }

    private static IEnumerable<TestCaseData> Lies()
    {
        yield return Lie(liar => liar.Origin = "https://evil.example", "another origin");
        yield return Lie(liar => liar.Origin += ".evil.example", "an origin that begins alike");
        yield return Lie(liar => liar.RelyingParty = "evil.example", "another relying party");
        yield return Lie(liar => liar.Challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "another challenge");
        yield return Lie(liar => liar.IsUnlocked = false, "holder not recognised");
        yield return Lie(liar => liar.IsCrossOrigin = true, "embedded elsewhere");
    }

    [TestCaseSource(nameof(Lies))]
    public async Task AddPasskey_WhenTheAnswerIsTampered_IsRefused(Action<SoftwareAuthenticator> lie)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator liar = Authenticator();
        lie(liar);

        Assert.That(() => Pds.AddPasskeyAsync(alice, liar), Refused());

        Assert.That((await Pds.FactorsAsync(alice)).Passkeys, Is.Empty);
    }

    [TestCaseSource(nameof(Lies))]
    public async Task SignIn_WhenTheAnswerIsTampered_ProvesNothing(Action<SoftwareAuthenticator> lie)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = Authenticator();
        await Pds.AddPasskeyAsync(alice, phone);
        IPasskeyCeremonies ceremonies = Pds.Services.GetRequiredService<IPasskeyCeremonies>();
        PasskeyCeremony begun = await ceremonies.BeginSignInAsync(default);
        ProvenPasskey? honest = await ceremonies.FinishSignInAsync(begun.State, phone.Get(begun.Options), default);
        lie(phone);

        ProvenPasskey? proven = await ceremonies.FinishSignInAsync(begun.State, phone.Get(begun.Options), default);

        Assert.That(honest?.Id, Is.EqualTo(phone.Id));
        Assert.That(proven, Is.Null);
    }

    [Test]
    public async Task SignIn_WithAnotherKeyOrUser_ProvesNothing()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using AccountClient bob = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = Authenticator();
        using SoftwareAuthenticator bobs = Authenticator();
        using SoftwareAuthenticator unknown = Authenticator();
        await Pds.AddPasskeyAsync(alice, phone);
        await Pds.AddPasskeyAsync(bob, bobs);
        unknown.UserHandle = phone.UserHandle;
        phone.UserHandle = bobs.UserHandle;
        IPasskeyCeremonies ceremonies = Pds.Services.GetRequiredService<IPasskeyCeremonies>();
        PasskeyCeremony begun = await ceremonies.BeginSignInAsync(default);

        ProvenPasskey? claimed = await ceremonies.FinishSignInAsync(begun.State, phone.Get(begun.Options), default);
        ProvenPasskey? stranger = await ceremonies.FinishSignInAsync(begun.State, unknown.Get(begun.Options), default);
        ProvenPasskey? nonsense = await ceremonies.FinishSignInAsync(begun.State, """{"id":1,"response":[]}""", default);
        ProvenPasskey? nothing = await ceremonies.FinishSignInAsync(begun.State, "", default);

        Assert.That(new[] { claimed, stranger, nonsense, nothing }, Is.All.Null);
    }

    [Test]
    public async Task AddPasskey_WithAQuestionOfAnotherBrowserOrAccount_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using AccountClient bob = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = Authenticator();
        string device = await Pds.OpenDeviceAsync();
        string other = await Pds.OpenDeviceAsync();

        PasskeyQuestion first = await Pds.SendAsync(new BeginPasskeyCommand(alice.Caller(), device));
        Assert.That(() => Pds.SendAsync(new AddPasskeyCommand(alice.Caller(), other, Answer(first, phone), "a")), Refused());
        Assert.That(() => Pds.SendAsync(new AddPasskeyCommand(alice.Caller(), device, Answer(first, phone), "a")), Refused(), "it was spent");
        PasskeyQuestion second = await Pds.SendAsync(new BeginPasskeyCommand(alice.Caller(), device));
        Assert.That(() => Pds.SendAsync(new AddPasskeyCommand(bob.Caller(), device, Answer(second, phone), "a")), Refused());
        PasskeyQuestion third = await Pds.SendAsync(new BeginPasskeyCommand(alice.Caller(), device));
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.That(() => Pds.SendAsync(new AddPasskeyCommand(alice.Caller(), device, Answer(third, phone), "a")), Refused(), "too late");
        PasskeyQuestion signIn = await Pds.SendAsync(new BeginPasskeySignInCommand(device));
        Assert.That(() => Pds.SendAsync(new AddPasskeyCommand(alice.Caller(), device, new PasskeyAnswer(signIn.Id, phone.Create(first.Options)), "a")), Refused(), "for signing in");
    }

    [Test]
    public async Task Passkeys_AreRenamedAndRemovedByTheirOwnerOnly()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using AccountClient bob = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = Authenticator();
        await Pds.AddPasskeyAsync(alice, phone);

        Assert.That(() => Pds.SendAsync(new RenamePasskeyCommand(bob.Caller(), phone.Id, "mine")), Refused());
        Assert.That(() => Pds.SendAsync(new RenamePasskeyCommand(alice.Caller(), phone.Id, new string('x', 65))), Refused());
        await Pds.SendAsync(new RemovePasskeyCommand(bob.Caller(), phone.Id));
        await Pds.SendAsync(new RenamePasskeyCommand(alice.Caller(), phone.Id, "Old phone"));
        string[] names = [.. (await Pds.FactorsAsync(alice)).Passkeys.Select(key => key.Name)];
        await Pds.SendAsync(new RemovePasskeyCommand(alice.Caller(), phone.Id));

        Assert.That(names, Is.EqualTo(["Old phone"]));
        Assert.That((await Pds.FactorsAsync(alice)).Passkeys, Is.Empty);
        Assert.That(Pds.Mails[0].Mail.Text, Does.Contain("passkey was removed").And.Contain("Old phone"));
    }

    protected override Task<PdsApplication> StartAsync() =>
        PdsApplication.StartAsync(services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time)));

    private static TestCaseData Lie(Action<SoftwareAuthenticator> lie, string name) => new TestCaseData(lie).SetArgDisplayNames(name);

    private static PasskeyAnswer Answer(PasskeyQuestion question, SoftwareAuthenticator authenticator) => new(question.Id, authenticator.Create(question.Options));

    private static NUnit.Framework.Constraints.IResolveConstraint Refused() =>
        Throws.TypeOf<XrpcException>().With.Property(nameof(XrpcException.Error)).EqualTo(RequestErrors.InvalidRequest);

    private SoftwareAuthenticator Authenticator() => new(Pds.Options.Server.PublicOrigin);
}
