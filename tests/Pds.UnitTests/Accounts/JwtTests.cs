using System.Buffers.Text;
using Pds.Application.Accounts;
using Pds.Application.OAuth;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.OAuth;
using Pds.UnitTests.Crypto;

namespace Pds.UnitTests.Accounts;

/// <summary>Parts of tokens that are JSON, but not such as can be read.</summary>
internal sealed class JwtTests
{
    private static IEnumerable<TestCaseData> Unreadable()
    {
        yield return new TestCaseData(Base64Url.EncodeToString("""{"typ":"\ud800"}"""u8)).SetArgDisplayNames("lone surrogate");
        yield return new TestCaseData(Base64Url.EncodeToString("""{"\ud800":"JWT"}"""u8)).SetArgDisplayNames("lone surrogate in a name");
        yield return new TestCaseData(Base64Url.EncodeToString([.. "{\"typ\":\""u8, 0xbb, .. "\"}"u8])).SetArgDisplayNames("not UTF-8");
        yield return new TestCaseData(Base64Url.EncodeToString("""{"typ":"JWT","typ":"at+jwt"}"""u8)).SetArgDisplayNames("member twice");
    }

    [TestCaseSource(nameof(Unreadable))]
    public void ReadJson_WhenATextIsNotUnicodeOrAMemberComesTwice_IsNothing(string part) => Assert.That(Jwt.ReadJson(part), Is.Null);

    [TestCaseSource(nameof(Unreadable))]
    public void AnyToken_WithAnUnreadableHeaderOrClaims_IsRefusedAsAToken(string part)
    {
        string good = Base64Url.EncodeToString("""{"typ":"JWT","alg":"ES256K"}"""u8);
        ServiceAuthTokens services = GivenTokens.Services(new FakeDids());
        DpopProofs proofs = new(
            new DpopNonces(new SecretSettings { JwtSecret = "a secret of some length" }, GivenTokens.Clock()), new MemoryReplayStore(GivenTokens.Clock()), GivenKeys.Verifier, GivenTokens.Server(), GivenTokens.Clock());

        foreach (string token in (string[])[$"{part}.{good}.AAAA", $"{good}.{part}.AAAA"])
        {
            Assert.That(ServiceAuthTokens.NamesMethod(token), Is.False);
            Assert.That(SignedJson.TryRead(token), Is.Null);
            Assert.That(() => GivenTokens.Sessions().VerifyAccess(token), Throws.InstanceOf<XrpcException>());
            Assert.That(
                async () => await proofs.VerifyAsync(new DpopRequest([token], "POST", "/oauth/token"), accessToken: null, CancellationToken.None), Throws.InstanceOf<XrpcException>());
            Assert.That(
                async () => await services.VerifyAsync(token, Nsid.Parse("com.example.a.b"), isTrusted: null, once: false, CancellationToken.None), Throws.InstanceOf<XrpcException>());
        }
    }
}
