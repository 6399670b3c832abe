using Pds.Domain.Lexicons;
using Pds.Domain.OAuth;
using Pds.UnitTests.Lexicons;

namespace Pds.UnitTests.OAuth;

/// <summary>What a permission set may hold (spec 07 §9.4).</summary>
internal sealed class PermissionSetTests
{
    private const string Plain = "include:app.example.feed.authX";
    private const string WithAudience = "include:app.example.feed.authX?aud=did:web:feed.example.com%23svc";

    [TestCase(Plain, """{"resource":"repo","collection":["app.example.feed.post"]}""", "repo:app.example.feed.post")]
    [TestCase(Plain, """{"resource":"repo","collection":["app.example.feed.sub.thing"],"action":["create","delete"]}""", "repo:app.example.feed.sub.thing?action=create&action=delete")]
    [TestCase(Plain, """{"resource":"repo","collection":["app.example.feed.a","app.example.feed.b"]}""", "repo?collection=app.example.feed.a&collection=app.example.feed.b")]
    [TestCase(Plain, """{"resource":"rpc","lxm":["app.example.feed.get"],"aud":"*"}""", "rpc:app.example.feed.get?aud=*")]
    [TestCase(WithAudience, """{"resource":"rpc","lxm":["app.example.feed.get"],"inheritAud":true}""", "rpc:app.example.feed.get?aud=did:web:feed.example.com%23svc")]
    [TestCase(WithAudience, """{"resource":"rpc","lxm":["app.example.feed.get"],"aud":"*","inheritAud":false}""", "rpc:app.example.feed.get?aud=*")]
    public void Open_KeepsWhatTheSetMayName(string include, string permission, string expected) => Assert.That(Open(include, permission), Is.EqualTo(new[] { expected }));

    [TestCase(Plain, """{"resource":"repo","collection":["app.example.actor.profile"]}""", Description = "foreign group")]
    [TestCase(Plain, """{"resource":"repo","collection":["app.example.feedback.post"]}""", Description = "the prefix ends at a dot")]
    [TestCase(Plain, """{"resource":"repo","collection":["app.example.feed.post","com.other.post"]}""", Description = "one of several")]
    [TestCase(Plain, """{"resource":"repo","collection":["*"]}""", Description = "wildcard")]
    [TestCase(Plain, """{"resource":"repo","collection":[]}""", Description = "none")]
    [TestCase(Plain, """{"resource":"repo"}""", Description = "missing")]
    [TestCase(Plain, """{"resource":"repo","collection":["app.example.feed.post"],"limit":1}""", Description = "unknown field")]
    [TestCase(Plain, """{"resource":"repo","collection":["app.example.feed.post"],"action":["read"]}""", Description = "unknown action")]
    [TestCase(Plain, """{"resource":"rpc","lxm":["app.example.feed.get"]}""", Description = "no audience")]
    [TestCase(Plain, """{"resource":"rpc","lxm":["app.example.feed.get"],"aud":"did:web:feed.example.com#svc"}""", Description = "audience of its own")]
    [TestCase(Plain, """{"resource":"rpc","lxm":["app.example.feed.get"],"inheritAud":true}""", Description = "nothing to inherit")]
    [TestCase(WithAudience, """{"resource":"rpc","lxm":["app.example.feed.get"],"inheritAud":true,"aud":"*"}""", Description = "inherited and given")]
    [TestCase(WithAudience, """{"resource":"rpc","lxm":["*"],"inheritAud":true}""", Description = "wildcard method")]
    [TestCase(Plain, """{"resource":"blob","accept":["image/*"]}""", Description = "blob")]
    [TestCase(Plain, """{"resource":"account","attr":"email"}""", Description = "account")]
    [TestCase(Plain, """{"resource":"identity","attr":"*"}""", Description = "identity")]
    [TestCase(Plain, """{"resource":"include","nsid":"app.example.feed.authY"}""", Description = "set within a set")]
    public void Open_LeavesOutWhatBreaksARule_AndKeepsTheRest(string include, string permission) => Assert.That(
        Open(include, permission, """{"resource":"repo","collection":["app.example.feed.kept"]}"""), Is.EqualTo(new[] { "repo:app.example.feed.kept" }));

    [TestCase("de", "Titel")]
    [TestCase("de-CH", "Titel")]
    [TestCase("pt-BR", "Título")]
    [TestCase("fr", "Title")]
    public void TitleIn_IsInTheBestLanguageThereIs(string language, string expected)
    {
        PermissionSetSchema schema = Schema("""{"type":"permission-set","title":"Title","title:lang":{"de":"Titel","pt-BR":"Título"},"permissions":[]}""");

        PermissionSet set = PermissionSet.Open(Include(Plain), schema);

        Assert.That(set.TitleIn([language]), Is.EqualTo(expected));
        Assert.That(set.DetailIn([language]), Is.Null);
    }

    private static string[] Open(string include, params string[] permissions)
    {
        PermissionSetSchema schema = Schema($$"""{"type":"permission-set","permissions":[{{string.Join(',', permissions.Select(permission => permission.Replace("{\"resource\"", "{\"type\":\"permission\",\"resource\"", StringComparison.Ordinal)))}}]}""");
        return [.. PermissionSet.Open(Include(include), schema).Permissions.Select(token => token.Text)];
    }

    private static PermissionSetSchema Schema(string main) =>
        (PermissionSetSchema)GivenLexicon.Of($$"""{"lexicon":1,"id":"app.example.feed.authX","defs":{"main":{{main}} } }""").Main!;

    private static IncludeScope Include(string text) => ScopeToken.TryParse(text, out ScopeToken? token) ? (IncludeScope)token : throw new ArgumentException("No token.", nameof(text));
}
