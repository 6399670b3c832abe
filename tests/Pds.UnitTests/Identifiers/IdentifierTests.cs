using Pds.Domain.Identifiers;

namespace Pds.UnitTests.Identifiers;

internal sealed class IdentifierTests
{
    private const string PlcDid = "did:plc:7iza6de2dwap2sbkpav7c6c6";

    [TestCase("did:plc:abc\n")]
    [TestCase("\ndid:plc:abc")]
    [TestCase("did:plc:ab\0c")]
    [TestCase("did::abc")]
    [TestCase("did:plc")]
    [TestCase("did:plc:аbc")]
    [TestCase("")]
    public void Did_WhenACharacterIsForeign_IsRefused(string text) => Assert.That(Did.TryParse(text, out _), Is.False);

    [Test]
    public void Did_WhenAsLongAsAllowed_IsRead()
    {
        string longest = "did:plc:" + new string('a', Did.MaxLength - "did:plc:".Length);

        Assert.That(Did.TryParse(longest, out _), Is.True);
        Assert.That(Did.TryParse(longest + "a", out _), Is.False);
    }

    [TestCase(PlcDid, "plc")]
    [TestCase("did:web:localhost%3A1234", "web")]
    public void Did_Method_IsWhatStandsBetweenTheColons(string text, string method) => Assert.That(Did.Parse(text).Method, Is.EqualTo(method));

    [TestCase(PlcDid, true)]
    [TestCase("did:plc:7iza6de2dwap2sbkpav7c6c", false)]
    [TestCase("did:plc:7iza6de2dwap2sbkpav7c6c1", false)]
    [TestCase("did:web:example.com", true)]
    [TestCase("did:web:localhost%3A1234", true)]
    [TestCase("did:web:localhost%3A70000", false)]
    [TestCase("did:web:example.com%3A1234", false)]
    [TestCase("did:web:example.com:user:alice", false)]
    [TestCase("did:web:2001:db8::1", false)]
    [TestCase("did:key:zQ3shajmTb29MxR6htjD79Hdo6vneJLvyKCzZSRcawNWks9JC", false)]
    [TestCase("did:foo:bar", false)]
    public void Did_IsOfAtproto_InTheMethodsAndFormsOfTheProtocol(string text, bool isOf) => Assert.That(Did.Parse(text).IsOfAtproto, Is.EqualTo(isOf));

    [Test]
    public void Did_WhenCaseDiffers_IsAnother() => Assert.That(Did.Parse("did:web:A.com"), Is.Not.EqualTo(Did.Parse("did:web:a.com")));

    [Test]
    public void TryParse_WhenTextIsNull_IsFalse()
    {
        Assert.That(Did.TryParse(null, out _), Is.False);
        Assert.That(Handle.TryParse(null, out _), Is.False);
        Assert.That(Nsid.TryParse(null, out _), Is.False);
        Assert.That(RecordKey.TryParse(null, out _), Is.False);
        Assert.That(AtUri.TryParse(null, out _), Is.False);
        Assert.That(AtIdentifier.TryParse(null, out _), Is.False);
        Assert.That(Tid.TryParse((string?)null, out _), Is.False);
    }

    [Test]
    public void Handle_WhenCaseDiffers_IsTheSame() => Assert.That(Handle.Parse("Alice.Example.COM"), Is.EqualTo(Handle.Parse("alice.example.com")));

    [TestCase("alice.local", true)]
    [TestCase("alice.onion", true)]
    [TestCase("handle.invalid", true)]
    [TestCase("alice.localhost", true)]
    [TestCase("local.alice.com", false)]
    [TestCase("alice.test", false)]
    [TestCase("alice.notlocal", false)]
    public void Handle_HasDisallowedTopLevelDomain_GoesByTheLastLabel(string text, bool expected) =>
        Assert.That(Handle.Parse(text).HasDisallowedTopLevelDomain, Is.EqualTo(expected));

    [Test]
    public void Handle_WhenEndingInANewline_IsRefused() => Assert.That(Handle.TryParse("alice.test\n", out _), Is.False);

    [Test]
    public void Nsid_NameAndAuthority_AreItsParts()
    {
        Nsid nsid = Nsid.Parse("app.bsky.feed.getFeedSkeleton");

        Assert.That(nsid.Name, Is.EqualTo("getFeedSkeleton"));
        Assert.That(nsid.Authority, Is.EqualTo("feed.bsky.app"));
    }

    [Test]
    public void AtUri_WhenComposed_HasItsParts()
    {
        AtUri uri = new(Did.Parse(PlcDid), Nsid.Parse("app.bsky.feed.post"), RecordKey.Parse("3jzfcijpj2z2a"));

        Assert.That(uri.ToString(), Is.EqualTo($"at://{PlcDid}/app.bsky.feed.post/3jzfcijpj2z2a"));
        Assert.That(uri, Is.EqualTo(AtUri.Parse(uri.ToString())));
        Assert.That(uri.Authority, Is.EqualTo(new AtIdentifier(Did.Parse(PlcDid))));
        Assert.That(uri.Collection, Is.EqualTo(Nsid.Parse("app.bsky.feed.post")));
        Assert.That(uri.Key, Is.EqualTo(RecordKey.Parse("3jzfcijpj2z2a")));
    }

    [Test]
    public void AtUri_WhenThereIsOnlyAnAuthority_HasNoOtherParts()
    {
        AtUri uri = AtUri.Parse("at://Alice.test");

        Assert.That(uri.ToString(), Is.EqualTo("at://Alice.test"));
        Assert.That(uri.Authority, Is.EqualTo(new AtIdentifier(Handle.Parse("alice.test"))));
        Assert.That(uri.Collection, Is.Null);
        Assert.That(uri.Key, Is.Null);
    }

    [TestCase("at://did:plc:asdf123#/frag", true)]
    [TestCase("at://did:plc:asdf123/com.atproto.feed.post/a#/a/%20b[0]", true)]
    [TestCase("at://did:plc:asdf123#/a%2", false)]
    [TestCase("at://did:plc:asdf123#/a%zz", false)]
    [TestCase("at://did:plc:asdf123#frag", false)]
    [TestCase("at://did:plc:asdf123?a=b", false)]
    [TestCase("at://did:plc:asdf123/com.atproto.feed.post/a?b", false)]
    [TestCase("at://did:plc:asdf123\n", false)]
    [TestCase("at://", false)]
    [TestCase("at:///", false)]
    public void AtUri_FragmentsAndQueries_AreJudgedStrictly(string text, bool expected) => Assert.That(AtUri.TryParse(text, out _), Is.EqualTo(expected));

    [Test]
    public void AtIdentifier_WhenItIsADid_IsNoHandle()
    {
        AtIdentifier identifier = AtIdentifier.Parse(PlcDid);

        Assert.That(identifier.TryGetDid(out Did did), Is.True);
        Assert.That(did.ToString(), Is.EqualTo(PlcDid));
        Assert.That(identifier.TryGetHandle(out _), Is.False);
    }

    [TestCase("2023-02-31T00:00:00Z", true, Description = "Days up to 31 roll over.")]
    [TestCase("2023-01-01T00:00:60Z", false)]
    [TestCase("9999-12-31T23:59:59-00:01", false)]
    [TestCase("9999-12-31T23:59:59+00:01", true)]
    [TestCase("0000-01-01T00:30:00+00:30", true)]
    [TestCase("2023-01-01T00:00:00Z\n", false)]
    [TestCase("2023-01-01T00:00:00+24:00", false)]
    [TestCase("2023-01-01T00:00:00.Z", false)]
    [TestCase("2023-01-01T00:00:00.1", false)]
    [TestCase("2023-01-01T00:00:00", false)]
    [TestCase("2023-01-01T00:00:0٠Z", false)]
    public void Datetime_AtTheEdges_IsJudgedByItsInstant(string text, bool expected) => Assert.That(DatetimeSyntax.IsValid(text), Is.EqualTo(expected));

    [TestCase(64, true)]
    [TestCase(65, false)]
    public void Datetime_LongerThan64Characters_IsRefused(int length, bool expected) =>
        Assert.That(DatetimeSyntax.IsValid("2023-01-01T00:00:00." + new string('1', length - 21) + "Z"), Is.EqualTo(expected));

    [TestCase("zh-cmn-Hans-CN", true)]
    [TestCase("de-419-DE", false, Description = "Two regions.")]
    [TestCase("en-a", false)]
    [TestCase("en-x", false)]
    [TestCase("en--US", false)]
    [TestCase("en-", false)]
    [TestCase("x-a", true)]
    [TestCase("x", false)]
    [TestCase("", false)]
    [TestCase("en\n", false)]
    [TestCase("en-abcdefghi", false)]
    [TestCase("sl-1994-1994", false)]
    public void Language_AtTheEdges_FollowsTheGrammar(string text, bool expected) => Assert.That(LanguageTag.IsValid(text), Is.EqualTo(expected));

    [TestCase("https://例え.jp/パス", true)]
    [TestCase("https:", false)]
    [TestCase("https://a\u0000b", false)]
    [TestCase("https://a\u00a0b", false)]
    public void Uri_CharactersBeyondAscii_PassUnlessBlank(string text, bool expected) => Assert.That(UriSyntax.IsValid(text), Is.EqualTo(expected));
}
