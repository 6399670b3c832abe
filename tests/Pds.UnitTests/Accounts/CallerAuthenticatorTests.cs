using System.Buffers.Text;
using System.Text;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.UnitTests.Crypto;

namespace Pds.UnitTests.Accounts;

/// <summary>Which bearer tokens open which methods, and as whom.</summary>
internal sealed class CallerAuthenticatorTests
{
    private const string Method = "com.example.method";
    private const string Moderator = "did:web:mod.example";
    private static readonly ISigner s_signer = GivenKeys.Small(2);

    [TestCase(Moderator, null)]
    [TestCase($"{Moderator}#atproto_labeler", null)]
    [TestCase($"{Moderator}.evil.com", "UntrustedIss")]
    [TestCase($"{Moderator}#other", "UntrustedIss")]
    [TestCase($"{Moderator}#atproto", "UntrustedIss")]
    [TestCase($"{Moderator}#atproto_labeler2", "UntrustedIss")]
    [TestCase("did:web:mod.exampl", "UntrustedIss")]
    [TestCase("did:web:evil.mod.example", "UntrustedIss")]
    [TestCase("did:web:MOD.example", "UntrustedIss")]
    public async Task Moderator_ByAnyIssuer_IsTheConfiguredServiceOnly(string issuer, string? error)
    {
        (Caller? caller, string? found) = await JudgeAsync(Service(issuer), CallerKinds.Operator | CallerKinds.Moderator);

        Assert.That((caller is Caller.Admin, found), Is.EqualTo((error is null, error)));
    }

    [Test]
    public async Task Moderator_WhenNoneIsConfigured_IsNobody([Values(null, "")] string? configured)
    {
        (_, string? found) = await JudgeAsync(Service(Moderator), CallerKinds.Operator | CallerKinds.Moderator, configured);

        Assert.That(found, Is.EqualTo("UntrustedIss"));
    }

    [TestCase(CallerKinds.Operator, "AuthenticationRequired")]
    [TestCase(CallerKinds.Account, "InvalidToken")]
    [TestCase(CallerKinds.Account | CallerKinds.Operator, "InvalidToken")]
    [TestCase(CallerKinds.Account | CallerKinds.Moderator, "InvalidToken")]
    [TestCase(CallerKinds.Operator | CallerKinds.Moderator, "UntrustedIss")]
    [TestCase(CallerKinds.Account | CallerKinds.Service, null)]
    [TestCase(CallerKinds.Service, null)]
    [TestCase(CallerKinds.AsPermitted, null)]
    public async Task ServiceToken_OfAnAccount_OpensWhatIsOpenToIt(CallerKinds kinds, string? error)
    {
        (Caller? caller, string? found) = await JudgeAsync(Service("did:web:a.example"), kinds);

        Assert.That((caller is Caller.Service, found), Is.EqualTo((error is null, error)));
    }

    [TestCase(CallerKinds.Operator, "AuthenticationRequired")]
    [TestCase(CallerKinds.Operator | CallerKinds.Moderator, "BadJwtType")]
    [TestCase(CallerKinds.Service, "BadJwtType")]
    [TestCase(CallerKinds.Account | CallerKinds.Moderator, null)]
    [TestCase(CallerKinds.Account | CallerKinds.Service, null)]
    [TestCase(CallerKinds.AsPermitted, null)]
    public async Task SessionToken_OpensWhatIsOpenToAccounts(CallerKinds kinds, string? error)
    {
        (Caller? caller, string? found) = await JudgeAsync(GivenTokens.Sessions().IssueAccess(Given.Did(), SessionScope.Access), kinds);

        Assert.That((caller is Caller.Session, found), Is.EqualTo((error is null, error)));
    }

    [Test]
    public async Task ServiceToken_UsedTwice_IsRefusedWhereTheMethodChangesSomething([Values] bool changes)
    {
        ServiceAuthTokens services = GivenTokens.Services(new FakeDids { Cached = s_signer.PublicKey });
        string token = Service(Moderator);

        await JudgeAsync(token, CallerKinds.Moderator, services: services, changes: changes);
        (_, string? found) = await JudgeAsync(token, CallerKinds.Moderator, services: services, changes: changes);

        Assert.That(found, Is.EqualTo(changes ? "JwtReplayed" : null));
    }

    private static async Task<(Caller? Caller, string? Error)> JudgeAsync(
        string token, CallerKinds kinds, string? moderator = Moderator, ServiceAuthTokens? services = null, bool changes = true)
    {
        CallerAuthenticator authenticator = new(
            GivenTokens.Sessions(),
            services ?? GivenTokens.Services(new FakeDids { Cached = s_signer.PublicKey }),
            new ModerationSettings { ModeratorDid = moderator });
        try
        {
            return (await authenticator.AuthenticateAsync(new AuthorizationHeader("bearer", token), new CalledMethod(Method, kinds, changes), CancellationToken.None), null);
        }
        catch (XrpcException refusal)
        {
            return (null, refusal.Error.Name);
        }
    }

    private static string Service(string issuer)
    {
        string payload = $$"""{"iss":"{{issuer}}","aud":"did:web:pds.test","exp":{{GivenTokens.Now}},"lxm":"{{Method}}"}""";
        string unsigned = $"{Encode("""{"alg":"ES256K"}""")}.{Encode(payload)}";
        return $"{unsigned}.{Base64Url.EncodeToString(s_signer.Sign(Encoding.ASCII.GetBytes(unsigned)))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
