using Pds.Application.DependencyInjection;
using Pds.Application.Lexicons;
using Pds.Domain.Lexicons;

namespace Pds.UnitTests.Lexicons;

internal sealed class AddedLexiconsTests
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("pds-lexicons-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void Load_OfADirectory_TakesAllLexiconsBelowIt()
    {
        Write("a.json", """{"lexicon":1,"id":"com.example.a","defs":{"main":{"type":"record","key":"any","record":{"type":"object","properties":{"b":{"type":"ref","ref":"com.example.b#b"}}}}}}""");
        Write("deeper/b.json", """{"lexicon":1,"id":"com.example.b","defs":{"b":{"type":"string"}}}""");
        Write("readme.md", "not a lexicon");

        LexiconLoad load = Load();

        Assert.That(load.Faults, Is.Empty);
        Assert.That(load.Lexicons.Find("com.example.a"), Is.InstanceOf<RecordSchema>());
        Assert.That(load.Lexicons.Find("com.example.b#b"), Is.InstanceOf<StringSchema>());
        Assert.That(load.Lexicons.Find("app.bsky.feed.post"), Is.InstanceOf<RecordSchema>());
    }

    [Test]
    public void Load_WhenTheIdIsThatOfABuiltInOne_TakesItsPlace()
    {
        Write("post.json", """{"lexicon":1,"id":"app.bsky.feed.post","defs":{"main":{"type":"record","key":"any","record":{"type":"object"}}}}""");

        LexiconSchema? post = Load().Lexicons.Find("app.bsky.feed.post");

        Assert.That(((RecordSchema)post!).Content.Properties, Is.Empty);
    }

    [Test]
    public void Load_WhenMuchIsWrong_TellsAll()
    {
        Write("1.json", "{");
        Write("2.json", """{"lexicon":1,"id":"com.example.twice","defs":{"a":{"type":"token"}}}""");
        Write("3.json", """{"lexicon":1,"id":"com.example.twice","defs":{"a":{"type":"token"}}}""");
        Write("4.json", """{"lexicon":1,"id":"com.example.thing","defs":{"main":{"type":"record","key":"any","record":{"type":"object","properties":{"b":{"type":"ref","ref":"com.example.gone"}}}}}}""");

        var options = new PdsOptions { Rules = { LexiconDirectory = _directory } };
        string[] faults = [.. new LexiconFaults(Added(new AddedLexiconDirectory(Path.Combine(_directory, "gone")))).Validate(null, options).Failures!];

        Assert.Multiple(() =>
        {
            Assert.That(faults, Has.Length.EqualTo(4));
            Assert.That(faults, Has.One.Contains("does not exist"));
            Assert.That(faults, Has.One.Contains("1.json: The document is not well-formed JSON."));
            Assert.That(faults, Has.One.Contains("3.json: the lexicon com.example.twice is there twice."));
            Assert.That(faults, Has.One.Contains("The lexicon com.example.thing needs com.example.gone, which is not known."));
        });
    }

    [Test]
    public void Load_WithoutAnything_KnowsTheBuiltInOnes()
    {
        LexiconLoad load = Added().Load(null);

        Assert.That(load.Faults, Is.Empty);
        Assert.That(load.Lexicons.Find("app.bsky.feed.like"), Is.Not.Null);
    }

    private static AddedLexicons Added(params AddedLexiconDirectory[] directories) => new([], directories, new BuiltInLexicons());

    private LexiconLoad Load() => Added().Load(_directory);

    private void Write(string file, string json)
    {
        string path = Path.Combine(_directory, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json);
    }
}
