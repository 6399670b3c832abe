using Pds.Domain.Moderation;

namespace Pds.UnitTests.Moderation;

internal sealed class DisallowedWordsTests
{
    private static readonly DisallowedWords Words = DisallowedWords.Parse(["# a comment", "", " foul ", "nasty*", "B4D"]);

    [TestCase("foul", true)]
    [TestCase("FOULS", true)]
    [TestCase("f0ul.example.com", true)]
    [TestCase("fo-ul", true)]
    [TestCase("befouled", false)]
    [TestCase("foulard", false)]
    [TestCase("nastyish_thing", true)]
    [TestCase("dynasty", false)]
    [TestCase("bad", true)]
    [TestCase("a:comment", false)]
    [TestCase("", false)]
    public void AreIn_FindsWordsHoweverTheyAreWritten(string name, bool found) => Assert.That(Words.AreIn(name), Is.EqualTo(found));

    [TestCase("raccoon")]
    [TestCase("snigger")]
    [TestCase("spice")]
    [TestCase("chinkapin")]
    [TestCase("self")]
    [TestCase("app.bsky.feed.post")]
    public void Default_LetsHarmlessWordsPass(string name) => Assert.That(DisallowedWords.Default.AreIn(name), Is.False);
}
