using System.Buffers.Text;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Accounts;

internal sealed class SessionTokensTests
{
    // Computed with another implementation of HS256 from the texts that the reference server signs.
    private const string Access =
        "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6ImNvbS5hdHByb3RvLmFjY2VzcyIsImF1ZCI6ImRpZDp3ZWI6cGRzLnRlc3QiLCJzdWIiOiJkaWQ6cGxjOmV3dmk3bnh6eW91bjZ6aHhyaHM2NG9peiIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjoxNzAwMDA3MjAwfQ.-dgC1ea6hZT4tudZ06d4LSbkfar5C-iU8PMvb1Q9K80";

    private const string Refresh =
        "eyJ0eXAiOiJyZWZyZXNoK2p3dCIsImFsZyI6IkhTMjU2In0.eyJzY29wZSI6ImNvbS5hdHByb3RvLnJlZnJlc2giLCJhdWQiOiJkaWQ6d2ViOnBkcy50ZXN0Iiwic3ViIjoiZGlkOnBsYzpld3ZpN254enlvdW42emh4cmhzNjRvaXoiLCJqdGkiOiJhYisvY2QiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwNzc3NjAwMH0.Pv1mKwthGHKkwNgGAChsVpMurPEzzK0k7py_NZ_G2Fs";

    [Test]
    public void IssueAccess_MakesTheBytesOfTheReference() =>
        Assert.That(GivenTokens.Sessions().IssueAccess(Given.Did(), SessionScope.Access), Is.EqualTo(Access));

    [Test]
    public void IssueRefresh_MakesTheBytesOfTheReference() =>
        Assert.That(GivenTokens.Sessions().IssueRefresh(Given.Did(), "ab+/cd"), Is.EqualTo(Refresh));

    [Test]
    public void VerifyAccess_OfEveryScope_GivesItBack([Values] SessionScope scope)
    {
        SessionTokens tokens = GivenTokens.Sessions();

        Assert.That(tokens.VerifyAccess(tokens.IssueAccess(Given.Did(), scope)), Is.EqualTo(new Caller.Session(Given.Did(), scope) { Id = "" }));
    }

    [Test]
    public void VerifyAccess_OfATokenThatNamesItsSession_GivesTheSession()
    {
        SessionTokens tokens = GivenTokens.Sessions();

        Assert.That(tokens.VerifyAccess(tokens.IssueAccess(Given.Did(), SessionScope.Access, "ab+/cd")).Id, Is.EqualTo("ab+/cd"));
    }

    [Test]
    public void VerifyRefresh_GivesDidAndId() =>
        Assert.That(GivenTokens.Sessions().VerifyRefresh(Refresh, acceptExpired: false), Is.EqualTo((Given.Did(), "ab+/cd")));

    [TestCase(7199, true)]
    [TestCase(7200, false)]
    public void VerifyAccess_AtItsEnd_AnswersExpiredToken(int seconds, bool good)
    {
        ManualTime time = GivenTokens.Clock();
        time.Advance(TimeSpan.FromSeconds(seconds));
        SessionTokens tokens = GivenTokens.Sessions(time);

        string? error = ErrorOf(() => tokens.VerifyAccess(Access));

        Assert.That(error, Is.EqualTo(good ? null : "ExpiredToken"));
    }

    [Test]
    public void VerifyRefresh_WhenExpiredAndAccepted_GivesTheId()
    {
        ManualTime time = GivenTokens.Clock();
        time.Advance(TimeSpan.FromDays(100));

        Assert.That(GivenTokens.Sessions(time).VerifyRefresh(Refresh, acceptExpired: true).Id, Is.EqualTo("ab+/cd"));
    }

    [Test]
    public void Verify_WhenAnyCharacterIsAnother_AnswersInvalidToken()
    {
        SessionTokens tokens = GivenTokens.Sessions();
        for (int i = 0; i < Access.Length; i++)
        {
            // The last character carries two bits that no byte has: its neighbour may decode to the same signature, which is refused as well.
            char other = Access[i] == 'A' ? 'B' : 'A';
            string altered = $"{Access[..i]}{other}{Access[(i + 1)..]}";

            Assert.That(ErrorOf(() => tokens.VerifyAccess(altered)), Is.EqualTo("InvalidToken"), $"character {i}");
        }
    }

    [TestCase("")]
    [TestCase("a.b")]
    [TestCase("a.b.c.d")]
    [TestCase("..")]
    [TestCase("é.é.é")]
    [TestCase("e30.e30.!!")]
    public void Verify_WhenItIsNoJwt_AnswersInvalidToken(string token) =>
        Assert.That(ErrorOf(() => GivenTokens.Sessions().VerifyAccess(token)), Is.EqualTo("InvalidToken"));

    [Test]
    public void Verify_WhenTheKindIsAnother_AnswersInvalidToken()
    {
        SessionTokens tokens = GivenTokens.Sessions();

        Assert.That(ErrorOf(() => tokens.VerifyAccess(Refresh)), Is.EqualTo("InvalidToken"));
        Assert.That(ErrorOf(() => tokens.VerifyRefresh(Access, acceptExpired: true)), Is.EqualTo("InvalidToken"));
    }

    [Test]
    public void Verify_WhenTheAlgorithmIsNone_AnswersInvalidToken()
    {
        string header = Base64Url.EncodeToString("""{"typ":"at+jwt","alg":"none"}"""u8);

        Assert.That(ErrorOf(() => GivenTokens.Sessions().VerifyAccess($"{header}.{Access.Split('.')[1]}.")), Is.EqualTo("InvalidToken"));
    }

    [Test]
    public void NewId_IsBase64Of32BytesWithoutPadding() =>
        Assert.That(Convert.FromBase64String(SessionTokens.NewId() + "="), Has.Length.EqualTo(32));

    private static string? ErrorOf(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (XrpcException refusal)
        {
            return refusal.Error.Name;
        }
    }
}
