using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;
using Pds.Domain.Repositories;

namespace Pds.UnitTests.OAuth;

internal sealed class ScopeTests
{
    private static readonly Nsid Post = Nsid.Parse("app.bsky.feed.post");
    private static readonly Nsid Timeline = Nsid.Parse("app.bsky.feed.getTimeline");
    private static readonly Nsid Convo = Nsid.Parse("chat.bsky.convo.sendMessage");
    private const string AppView = "did:web:api.bsky.app#bsky_appview";

    private static IEnumerable<TestCaseData> Grants()
    {
        yield return new("repo:app.bsky.feed.post", new ScopeDemand.Write(Post, WriteAction.Delete), true);
        yield return new("repo:app.bsky.feed.like", new ScopeDemand.Write(Post, WriteAction.Create), false);
        yield return new("repo:*?action=create", new ScopeDemand.Write(Post, WriteAction.Create), true);
        yield return new("repo:*?action=create&action=update", new ScopeDemand.Write(Post, WriteAction.Delete), false);
        yield return new("repo?collection=app.bsky.feed.like&collection=app.bsky.feed.post", new ScopeDemand.Write(Post, WriteAction.Update), true);
        yield return new("transition:generic", new ScopeDemand.Write(Post, WriteAction.Create), true);
        yield return new("atproto", new ScopeDemand.Write(Post, WriteAction.Create), false);
        yield return new("rpc:app.bsky.feed.getTimeline?aud=did:web:api.bsky.app%23bsky_appview", new ScopeDemand.Call(Timeline, AppView), true);
        yield return new("rpc:app.bsky.feed.getTimeline?aud=*", new ScopeDemand.Call(Timeline, "did:web:any.example"), true);
        yield return new("rpc:app.bsky.feed.getTimeline?aud=did:web:api.bsky.app%23bsky_appview", new ScopeDemand.Call(Timeline, "did:web:api.bsky.app"), false);
        yield return new("rpc:*?aud=did:web:api.bsky.app%23bsky_appview", new ScopeDemand.Call(null, AppView), true);
        yield return new("rpc:app.bsky.feed.getTimeline?aud=*", new ScopeDemand.Call(null, AppView), false);
        yield return new("transition:generic", new ScopeDemand.Call(Timeline, AppView), true);
        yield return new("transition:generic", new ScopeDemand.Call(Convo, AppView), false);
        yield return new("transition:chat.bsky", new ScopeDemand.Call(Convo, AppView), false);
        yield return new("transition:generic transition:chat.bsky", new ScopeDemand.Call(Convo, AppView), true);
        yield return new("blob:image/*", new ScopeDemand.Blob("IMAGE/png; a=b"), true);
        yield return new("blob:image/*", new ScopeDemand.Blob("video/mp4"), false);
        yield return new("blob:image/*", new ScopeDemand.Blob("images/png"), false);
        yield return new("blob:*/*", new ScopeDemand.Blob("video/mp4"), true);
        yield return new("blob:image/png", new ScopeDemand.Blob("image/pngx"), false);
        yield return new("account:email", new ScopeDemand.Account("email", Manage: false), true);
        yield return new("account:email", new ScopeDemand.Account("email", Manage: true), false);
        yield return new("account:email?action=manage", new ScopeDemand.Account("email", Manage: false), true);
        yield return new("transition:email", new ScopeDemand.Account("email", Manage: false), true);
        yield return new("transition:email", new ScopeDemand.Account("email", Manage: true), false);
        yield return new("transition:generic", new ScopeDemand.Account("repo", Manage: true), false);
        yield return new("identity:*", new ScopeDemand.Identity("handle"), true);
        yield return new("identity:handle", new ScopeDemand.Identity("*"), false);
        yield return new("transition:generic", new ScopeDemand.Identity("handle"), false);
    }

    [TestCaseSource(nameof(Grants))]
    public void Grants_FollowsTheTokens(string scope, ScopeDemand demand, bool granted) => Assert.That(ScopeSet.Parse(scope).Grants(demand), Is.EqualTo(granted));

    [TestCase("repo")]
    [TestCase("repo:")]
    [TestCase("repo:notansid")]
    [TestCase("REPO:app.bsky.feed.post")]
    [TestCase("repo:app.bsky.feed.post?action=read")]
    [TestCase("repo:app.bsky.feed.post?limit=1")]
    [TestCase("repo:app.bsky.feed.post?collection=app.bsky.feed.like")]
    [TestCase("repo:app.bsky.feed.post?action=%zz")]
    [TestCase("rpc:app.bsky.feed.getTimeline")]
    [TestCase("rpc:*?aud=*")]
    [TestCase("rpc?lxm=app.bsky.feed.getTimeline&lxm=*&aud=*")]
    [TestCase("rpc:app.bsky.feed.getTimeline?aud=did:web:api.bsky.app")]
    [TestCase("rpc:app.bsky.feed.getTimeline?aud=*&aud=*")]
    [TestCase("blob:image")]
    [TestCase("blob:*/png")]
    [TestCase("account:password")]
    [TestCase("account:email?action=write")]
    [TestCase("identity:did")]
    [TestCase("include:notansid")]
    [TestCase("transition:everything")]
    [TestCase("atproto?x=y")]
    public void TryParse_WhenATokenBreaksARule_IsFalse(string text) => Assert.That(ScopeToken.TryParse(text, out _), Is.False);

    [TestCase("include:app.example.authFull")]
    [TestCase("include:app.example.authFull?aud=did:web:api.example.com%23svc")]
    [TestCase("rpc?lxm=app.bsky.feed.getTimeline&aud=*")]
    public void TryParse_WhenATokenIsGood_IsTrue(string text) => Assert.That(ScopeToken.TryParse(text, out _), Is.True);

    [Test]
    public void Require_WhenTheRightIsMissing_NamesTheSmallestToken()
    {
        XrpcException refusal = Assert.Throws<XrpcException>(() => ScopeSet.Parse("atproto").Require(new ScopeDemand.Call(Timeline, AppView)))!;

        Assert.That(refusal.Error, Is.EqualTo(OAuthErrors.ScopeMissing));
        Assert.That(refusal.Message, Does.Contain("rpc:app.bsky.feed.getTimeline?aud=did:web:api.bsky.app%23bsky_appview"));
    }

    [TestCase("")]
    [TestCase(" atproto")]
    [TestCase("atproto ")]
    [TestCase("atproto  repo:*")]
    [TestCase("atproto \"quoted\"")]
    [TestCase("atproto\trepo:*")]
    public void Split_WhenMalformed_IsNull(string text) => Assert.That(ScopeSet.Split(text), Is.Null);
}
