using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Moderation;
using Pds.Domain.Moderation;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.Blobs;

namespace Pds.IntegrationTests.Moderation;

/// <summary>An act and its row are one: neither is kept without the other, and rows stay as they are.</summary>
internal sealed class AuditTrailTests : PdsTest
{
    private const string Admin = "com.atproto.admin.";
    private const string Break = "CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no room'); END";
    private const string Mend = "DROP TRIGGER broken";

    [Test]
    public async Task Act_WhenItsRowCannotBeKept_IsNotDone()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode record = await alice.CreateRecordAsync(rkey: "kept");
        JsonNode blob = await alice.UploadAsync();
        await alice.CreateNoteAsync(blob);
        string did = alice.Did.ToString();
        JsonObject repo = new() { ["$type"] = Admin + "defs#repoRef", ["did"] = did };
        (string Method, JsonObject Input)[] acts =
        [
            (Admin + "deleteAccount", new() { ["did"] = did }),
            (Admin + "updateAccountEmail", new() { ["account"] = did, ["email"] = "lost@example.com" }),
            (Admin + "updateAccountHandle", new() { ["did"] = did, ["handle"] = "lost.test" }),
            (Admin + "updateAccountPassword", new() { ["did"] = did, ["password"] = "a lost password" }),
            (Admin + "disableAccountInvites", new() { ["account"] = did }),
            (Admin + "updateSubjectStatus", new() { ["subject"] = repo.DeepClone(), ["takedown"] = Applied() }),
            (Admin + "updateSubjectStatus", new() { ["subject"] = repo.DeepClone(), ["deactivated"] = Applied() }),
            (Admin + "updateSubjectStatus", new() { ["subject"] = Strong(record), ["takedown"] = Applied() }),
            (Admin + "updateSubjectStatus", new() { ["subject"] = BlobOf(alice, blob), ["takedown"] = Applied() }),
            ("com.atproto.server.createInviteCode", new() { ["useCount"] = 1 }),
        ];
        string before = await DescribeAsync(alice, blob);
        using HttpClient admin = Pds.CreateOperator();

        Execute(Break);
        HttpStatusCode[] answers = await Task.WhenAll(acts.Select(async act => (await admin.PostXrpcAsync(act.Method, act.Input)).StatusCode));
        Execute(Mend);

        Assert.That(answers, Is.All.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await DescribeAsync(alice, blob), Is.EqualTo(before));
    }

    [Test]
    public async Task Act_WhenDone_LeavesOneRow_AndWhenRefused_OneWithTheError()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using HttpClient admin = Pds.CreateOperator();
        int before = (await ReadAsync()).Count;

        await admin.PostXrpcAsync(Admin + "updateAccountHandle", new JsonObject { ["did"] = alice.Did.ToString(), ["handle"] = "audited.test" });
        await admin.PostXrpcAsync(Admin + "updateSubjectStatus", new JsonObject { ["subject"] = new JsonObject { ["$type"] = Admin + "defs#repoRef", ["did"] = alice.Did.ToString() }, ["takedown"] = Applied() });
        await admin.PostXrpcAsync(Admin + "deleteAccount", new JsonObject { ["did"] = "did:web:unknown.example" });
        await admin.PostXrpcAsync(Admin + "deleteAccount", new JsonObject { ["did"] = alice.Did.ToString() });

        IReadOnlyList<AuditRecord> rows = await ReadAsync();
        Assert.That(rows.Skip(before).Select(row => (row.Act.Action, row.Act.Outcome)), Is.EqualTo(
            [(Admin + "updateAccountHandle", "done"), (Admin + "updateSubjectStatus takedown", "done"), (Admin + "deleteAccount", "NotFound"), (Admin + "deleteAccount", "done")]));
        AuditChain chain = new();
        Assert.That(rows.All(chain.TryFollow), Is.True);
    }

    [TestCase("UPDATE audit SET actor = 'somebody else'")]
    [TestCase("DELETE FROM audit")]
    [TestCase("INSERT OR REPLACE INTO audit (seq, at, actor, action, subject, outcome, hash) VALUES (1, 0, 'a', 'b', 'c', 'done', x'00')")]
    [TestCase("INSERT INTO audit (seq, at, actor, action, subject, outcome, hash) VALUES (1000000, 0, 'a', 'b', 'c', 'done', x'00')")]
    public async Task Row_WhoeverWantsToChangeIt_StaysAsItIs(string sql)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.TakeDownAsync(alice.Did);
        IReadOnlyList<AuditRecord> before = await ReadAsync();

        SqliteException? refusal = Assert.Throws<SqliteException>(() => Execute(sql));

        Assert.That(refusal!.Message, Does.Contain("audit trail"));
        Assert.That((await ReadAsync()).Select(row => row.Act), Is.EqualTo(before.Select(row => row.Act)));
    }

    [Test]
    public async Task Guard_WhenSomebodyTookItAway_IsBackWithTheNextStart()
    {
        string directory = Directory.CreateTempSubdirectory("pds-audit-").FullName;
        await using (PdsApplication first = await PdsApplication.StartAsync(directory: directory))
        {
            Execute("DROP TRIGGER audit_no_delete", directory);
        }

        await using (PdsApplication second = await PdsApplication.StartAsync(directory: directory))
        {
            using AccountClient alice = await second.CreateAccountAsync();
            await second.TakeDownAsync(alice.Did);

            Assert.Throws<SqliteException>(() => Execute("DELETE FROM audit", directory));
        }

        Directory.Delete(directory, recursive: true);
    }

    private static JsonObject Applied() => new() { ["applied"] = true };

    private static JsonObject Strong(JsonNode record) => new() { ["$type"] = "com.atproto.repo.strongRef", ["uri"] = (string?)record["uri"], ["cid"] = (string?)record["cid"] };

    private static JsonObject BlobOf(AccountClient owner, JsonNode blob) =>
        new() { ["$type"] = Admin + "defs#repoBlobRef", ["did"] = owner.Did.ToString(), ["cid"] = blob.CidOf().ToString() };

    /// <summary>All that the acts of the first test would change.</summary>
    private async Task<string> DescribeAsync(AccountClient account, JsonNode blob)
    {
        using HttpClient admin = Pds.CreateOperator();
        JsonNode info = await (await admin.GetXrpcAsync(Admin + "getAccountInfo", ("did", account.Did))).ShouldBeJsonAsync();
        JsonNode status = await (await admin.GetXrpcAsync(Admin + "getSubjectStatus", ("did", account.Did))).ShouldBeJsonAsync();
        JsonNode codes = await (await admin.GetXrpcAsync(Admin + "getInviteCodes")).ShouldBeJsonAsync();
        HttpResponseMessage record = await Pds.Http.GetXrpcAsync("com.atproto.repo.getRecord", ("repo", account.Did), ("collection", "com.example.note"), ("rkey", "kept"));
        HttpResponseMessage served = await Pds.Http.GetBlobAsync(account, blob.CidOf());
        HttpResponseMessage session = await Pds.Http.SignInAsync(account.Did.ToString());
        return string.Join('\n', info, status, codes, record.StatusCode, served.StatusCode, session.StatusCode);
    }

    private async Task<IReadOnlyList<AuditRecord>> ReadAsync() => await Pds.Services.GetRequiredService<IAuditLog>().ReadAsync(0, int.MaxValue, CancellationToken.None);

    private void Execute(string sql) => Execute(sql, Pds.Directory);

    private static void Execute(string sql, string directory)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(directory, "pds.sqlite")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
