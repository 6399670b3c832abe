using Pds.Application.Sync;
using Pds.Domain.Errors;

namespace Pds.UnitTests.Sync;

internal sealed class JetstreamFilterTests
{
    [TestCase("", true)]
    [TestCase("app.bsky.feed.post", true)]
    [TestCase("app.bsky.feed.*", true)]
    [TestCase("app.bsky.*", true)]
    [TestCase("app.bsky.feed.like", false)]
    [TestCase("app.bsky.feed.pos.*", false)]
    [TestCase("app.bsky.graph.*", false)]
    [TestCase("app.bsky.graph.* app.bsky.feed.post", true)]
    public void Wants_AsksForTheCollection(string wanted, bool expected)
    {
        JetstreamFilter filter = JetstreamFilter.Create(wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries), [], 0);

        Assert.That(filter.Wants(Message("app.bsky.feed.post")), Is.EqualTo(expected));
        Assert.That(filter.Wants(Message(collection: null)), Is.True);
    }

    [Test]
    public void Wants_AsksForTheAccountOfEveryMessage()
    {
        JetstreamFilter filter = JetstreamFilter.Create([], ["did:web:bob.example.com"], 0);

        Assert.That(filter.Wants(Message("app.bsky.feed.post")), Is.False);
        Assert.That(filter.Wants(Message(collection: null)), Is.False);
        Assert.That(filter.Wants(Message(collection: null) with { Did = "did:web:bob.example.com" }), Is.True);
    }

    [TestCase(0, true)]
    [TestCase(-5, true)]
    [TestCase(10, true)]
    [TestCase(9, false)]
    public void Wants_AsksForTheSize(int maxBytes, bool expected)
    {
        JetstreamFilter filter = JetstreamFilter.Create([], [], maxBytes);

        Assert.That(filter.Wants(Message("app.bsky.feed.post")), Is.EqualTo(expected));
    }

    [TestCase(100, 10_000, true)]
    [TestCase(101, 0, false)]
    [TestCase(0, 10_001, false)]
    public void Create_WhenTooMuchIsNamed_Refuses(int collections, int dids, bool passes)
    {
        void Create() => JetstreamFilter.Create(
            Enumerable.Range(0, collections).Select(i => i % 2 == 0 ? $"com.example.c{i}" : $"com.example.c{i}.*"),
            Enumerable.Range(0, dids).Select(i => $"did:web:a{i}.example.com"),
            0);

        Assert.That(Create, passes ? Throws.Nothing : Throws.InstanceOf<XrpcException>());
    }

    private static JetstreamMessage Message(string? collection) => new("did:web:alice.example.com", collection, 1, new byte[10]);
}
