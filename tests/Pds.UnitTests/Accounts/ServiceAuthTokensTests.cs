using System.Buffers.Text;
using System.Text;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.UnitTests.Crypto;

namespace Pds.UnitTests.Accounts;

internal sealed class ServiceAuthTokensTests
{
    private static readonly Nsid Method = Nsid.Parse("com.atproto.server.createAccount");

    [Test]
    public async Task Verify_OfAnIssuedToken_GivesIssuerAndMethod([Values] KeyCurve curve)
    {
        ISigner signer = GivenKeys.Small(2, curve);
        ServiceAuthTokens tokens = GivenTokens.Services(new FakeDids { Cached = signer.PublicKey });

        Caller.Service caller = await tokens.VerifyAsync(tokens.Issue(signer, Given.Did(), "did:web:pds.test", Method), Method, null, once: true, CancellationToken.None);

        Assert.That(caller, Is.EqualTo(new Caller.Service(Given.Did(), Method)));
    }

    [Test]
    public void Issue_WritesClaimsInTheReferencesOrder()
    {
        ServiceAuthTokens tokens = GivenTokens.Services(new FakeDids());

        string[] parts = tokens.Issue(GivenKeys.Small(2), Given.Did(), "did:web:a.example", Method).Split('.');

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Text(parts[0]), Is.EqualTo("""{"typ":"JWT","alg":"ES256K"}"""));
            Assert.That(Text(parts[1]), Does.Match(
                $$"""^\{"iat":{{GivenTokens.Now}},"iss":"{{Given.DidText}}","aud":"did:web:a.example","exp":{{GivenTokens.Now + 60}},"lxm":"{{Method}}","jti":"[0-9a-f]{32}"\}$"""));
        }
    }

    // Pitfall D 77.
    [Test]
    public async Task Verify_WhenTheKeyWasChanged_LooksOnceMore()
    {
        ISigner signer = GivenKeys.Small(2);
        FakeDids dids = new() { Cached = GivenKeys.Small(3).PublicKey, Fresh = signer.PublicKey };
        ServiceAuthTokens tokens = GivenTokens.Services(dids);

        await tokens.VerifyAsync(tokens.Issue(signer, Given.Did(), "did:web:pds.test#atproto_pds", Method), Method, null, once: true, CancellationToken.None);

        Assert.That(dids.Refreshes, Is.EqualTo(1));
    }

    /// <summary>Cached key, fresh key and the token's key are three.</summary>
    [Test]
    public async Task Verify_WhenTheKeyWasChangedToAnother_IsRefused()
    {
        FakeDids dids = new() { Cached = GivenKeys.Small(3).PublicKey, Fresh = GivenKeys.Small(4).PublicKey };
        ServiceAuthTokens tokens = GivenTokens.Services(dids);

        string? found = await ErrorOfAsync(tokens, tokens.Issue(GivenKeys.Small(2), Given.Did(), "did:web:pds.test", Method));

        Assert.That((found, dids.Refreshes), Is.EqualTo(("BadJwtSignature", 1)));
    }

    [TestCase("did:web:a.example", null)]
    [TestCase("did:web:a.example#atproto_labeler", "UntrustedIss")]
    [TestCase("did:web:a.example#atproto", "UntrustedIss")]
    [TestCase("did:web:a.example#", "BadJwtIss")]
    [TestCase("did:web:a.example#a#b", "BadJwtIss")]
    public async Task Verify_ForAnyAccount_TakesIssuersWithoutFragmentOnly(string issuer, string? error)
    {
        ISigner signer = GivenKeys.Small(2);
        string token = Sign(signer, """{"alg":"ES256K"}""", $$"""{"iss":"{{issuer}}","aud":"did:web:pds.test","exp":{{GivenTokens.Now}},"lxm":"{{Method}}"}""");

        string? found = await ErrorOfAsync(GivenTokens.Services(new FakeDids { Cached = signer.PublicKey }), token);

        Assert.That(found, Is.EqualTo(error));
    }

    [Test]
    public async Task Verify_OfATokenTwice_IsRefusedWhereItMayServeOnce()
    {
        ISigner signer = GivenKeys.Small(2);
        ServiceAuthTokens tokens = GivenTokens.Services(new FakeDids { Cached = signer.PublicKey });
        string token = tokens.Issue(signer, Given.Did(), "did:web:pds.test", Method);

        string?[] found = [await ErrorOfAsync(tokens, token), await ErrorOfAsync(tokens, token), await ErrorOfAsync(tokens, token, once: false)];

        Assert.That(found, Is.EqualTo(new[] { null, "JwtReplayed", null }));
    }

    [Test]
    public async Task Verify_OfATokenWithoutIdTwice_IsRefused()
    {
        ISigner signer = GivenKeys.Small(2);
        ServiceAuthTokens tokens = GivenTokens.Services(new FakeDids { Cached = signer.PublicKey });
        string token = Sign(signer, """{"alg":"ES256K"}""", $$"""{"iss":"did:web:a.example","aud":"did:web:pds.test","exp":{{GivenTokens.Now}},"lxm":"{{Method}}"}""");

        string?[] found = [await ErrorOfAsync(tokens, token), await ErrorOfAsync(tokens, token)];

        Assert.That(found, Is.EqualTo(new[] { null, "JwtReplayed" }));
    }

    [Test]
    public async Task Verify_OfATokenThatIsNoGood_DoesNotUseItUp()
    {
        ISigner signer = GivenKeys.Small(2);
        ServiceAuthTokens tokens = GivenTokens.Services(new FakeDids { Cached = signer.PublicKey });
        string token = tokens.Issue(signer, Given.Did(), "did:web:pds.test", Method);

        string?[] found = [await ErrorOfAsync(tokens, token[..^8] + "AAAAAAAA"), await ErrorOfAsync(tokens, token, _ => false), await ErrorOfAsync(tokens, token)];

        Assert.That(found, Is.EqualTo(new[] { "BadJwtSignature", "UntrustedIss", null }));
    }

    // Pitfall D 79.
    [TestCase("""{"alg":"ES256K","typ":"at+jwt"}""", "{}", "BadJwtType")]
    [TestCase("not json", "{}", "BadJwt")]
    [TestCase("""{"alg":"ES256K"}""", """{"iss":"did:web:a.example","aud":"did:web:pds.test"}""", "BadJwt")]
    [TestCase("""{"alg":"ES256K"}""", """{"iss":"did:web:a.example","aud":"did:web:pds.test","exp":1699999999,"lxm":"com.atproto.server.createAccount"}""", "JwtExpired")]
    [TestCase("""{"alg":"ES256K"}""", """{"iss":"did:web:a.example","aud":"did:web:pds.test","exp":1700003601,"lxm":"com.atproto.server.createAccount"}""", "JwtExpired")]
    [TestCase("""{"alg":"ES256K"}""", """{"iss":"did:web:a.example","aud":"did:web:pds.test","exp":1700000000}""", "BadJwtLexiconMethod")]
    [TestCase("""{"alg":"ES256K"}""", """{"iss":"did:web:a.example","aud":"did:web:pds.test","exp":1700000000,"lxm":"com.example.other"}""", "BadJwtLexiconMethod")]
    [TestCase("""{"alg":"ES256K"}""", """{"iss":"somebody","aud":"did:web:pds.test","exp":1700000000,"lxm":"com.atproto.server.createAccount"}""", "BadJwtIss")]
    [TestCase("""{"alg":"ES256K"}""", """{"iss":"did:web:a.example","aud":"did:web:x.test","exp":1700000000,"lxm":"com.atproto.server.createAccount"}""", "BadJwtAudience")]
    [TestCase("""{"alg":"ES256"}""", """{"iss":"did:web:a.example","aud":"did:web:pds.test","exp":1700000000,"lxm":"com.atproto.server.createAccount"}""", "BadJwtSignature")]
    [TestCase("""{"alg":"ES256K"}""", """{"iss":"did:web:a.example","aud":"did:web:pds.test","exp":1700000000,"lxm":"com.atproto.server.createAccount"}""", null)]
    public async Task Verify_OfAnyToken_ChecksInOrder(string header, string payload, string? error)
    {
        ISigner signer = GivenKeys.Small(2);

        string? found = await ErrorOfAsync(GivenTokens.Services(new FakeDids { Cached = signer.PublicKey }), Sign(signer, header, payload));

        Assert.That(found, Is.EqualTo(error));
    }

    [Test]
    public async Task Verify_WhenTheIssuerIsUnknown_AnswersAuthenticationRequired()
    {
        ServiceAuthTokens tokens = GivenTokens.Services(new FakeDids());

        string? found = await ErrorOfAsync(tokens, tokens.Issue(GivenKeys.Small(2), Given.Did(), "did:web:pds.test", Method));

        Assert.That(found, Is.EqualTo("AuthenticationRequired"));
    }

    [Test]
    public async Task Verify_WhenTheIssuerIsNotTrusted_AnswersUntrustedIss()
    {
        ISigner signer = GivenKeys.Small(2);
        ServiceAuthTokens tokens = GivenTokens.Services(new FakeDids { Cached = signer.PublicKey });

        string? found = await ErrorOfAsync(tokens, tokens.Issue(signer, Given.Did(), "did:web:pds.test", Method), _ => false);

        Assert.That(found, Is.EqualTo("UntrustedIss"));
    }

    private static string Text(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));

    private static string Sign(ISigner signer, string header, string payload)
    {
        string unsigned = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        return $"{unsigned}.{Base64Url.EncodeToString(signer.Sign(Encoding.ASCII.GetBytes(unsigned)))}";
    }

    private static async Task<string?> ErrorOfAsync(ServiceAuthTokens tokens, string token, Func<string, bool>? isTrusted = null, bool once = true)
    {
        try
        {
            await tokens.VerifyAsync(token, Method, isTrusted, once, CancellationToken.None);
            return null;
        }
        catch (XrpcException refusal)
        {
            return refusal.Error.Name;
        }
    }
}
