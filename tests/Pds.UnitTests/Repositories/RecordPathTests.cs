using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.UnitTests.Repositories;

internal sealed class RecordPathTests
{
    [TestCase("com.example.coll/3jui7kd54zh2y")]
    [TestCase("com.example.coll/self")]
    [TestCase("com.example.coll/example.com")]
    [TestCase("com.example.coll/~1.2-3_")]
    [TestCase("com.example.coll/dHJ1ZQ")]
    [TestCase("com.example.coll/pre:fix")]
    [TestCase("com.example.coll/_")]
    public void TryParse_WhenValid_KeepsTextAndHalves(string text)
    {
        bool parsed = RecordPath.TryParse(text, out RecordPath path);

        Assert.That(parsed, Is.True);
        Assert.That(path.ToString(), Is.EqualTo(text));
        Assert.That($"{path.Collection}/{path.Key}", Is.EqualTo(text));
        Assert.That(path, Is.EqualTo(new RecordPath(path.Collection, path.Key)));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("/")]
    [TestCase("com.example.coll")]
    [TestCase("com.example.coll/")]
    [TestCase("/rkey")]
    [TestCase("/com.example.coll/rkey")]
    [TestCase("com.example.coll/nested/rkey")]
    [TestCase("com.example.coll/rkey/")]
    [TestCase("com.example.coll/.")]
    [TestCase("com.example.coll/..")]
    [TestCase("com.example.coll/jalapeñoA")]
    [TestCase("com.example.coll/abc💩")]
    [TestCase("com.example.coll/@handle")]
    [TestCase("com.example.coll/any space")]
    [TestCase("com.example.coll/#extra")]
    [TestCase("com.example.coll/number[3]")]
    [TestCase("com.example.coll/dHJ1ZQ==")]
    [TestCase("com.example.coll/\"quote\"")]
    [TestCase("com.example.coll/rkey\n")]
    [TestCase("coll/rkey")]
    [TestCase("com.exa_mple.coll/rkey")]
    public void TryParse_WhenInvalid_IsFalse(string? text)
    {
        bool parsed = RecordPath.TryParse(text, out _);

        Assert.That(parsed, Is.False);
    }

    [Test]
    public void Parse_WhenInvalid_ThrowsFormatException() => Assert.That(() => RecordPath.Parse("nothing"), Throws.InstanceOf<FormatException>());

    [Test]
    public void ToString_WhenCalledTwice_GivesTheSameString()
    {
        RecordPath path = Given.Path("a");

        string first = path.ToString();
        string second = path.ToString();

        Assert.That(second, Is.SameAs(first));
    }

    [Test]
    public void CompareTo_WhenHalvesDiffer_OrdersByTheWholePath()
    {
        // '.' sorts before '/', so ordering by collection first would give another order than the tree's.
        RecordPath longer = Given.Path("a", "com.example.feed.sub");
        RecordPath shorter = Given.Path("b", "com.example.feed");

        Assert.That(longer, Is.LessThan(shorter));
        Assert.That(shorter, Is.GreaterThan(longer));
        Assert.That(longer.CompareTo(Given.Path("a", "com.example.feed.sub")), Is.Zero);
    }

    [Test]
    public void Default_OfAPath_PrintsAsTheEmptyText()
    {
        RecordPath path = default;

        Assert.That(path.ToString(), Is.Empty);
        Assert.That(path, Is.EqualTo(default(RecordPath)));
        Assert.That(path, Is.Not.EqualTo(Given.Path("a")));
    }

    [Test]
    public void Deconstruct_Always_GivesTheHalves()
    {
        (Nsid collection, RecordKey key) = Given.Path("a", "com.example.coll");

        Assert.That(collection, Is.EqualTo(Nsid.Parse("com.example.coll")));
        Assert.That(key, Is.EqualTo(RecordKey.Parse("a")));
    }
}
