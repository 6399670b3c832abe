using System.Net;
using System.Text.Json;

namespace Pds.IntegrationTests.Repositories;

internal sealed class PutAndDeleteRecordTests : RepoTest
{
    [Test]
    public async Task PutRecord_OnANewKeyAndAnOldOne_CreatesAndReplaces()
    {
        JsonElement created = await (await Alice.PutAsync(new { n = 1 }, "k")).ShouldAnswerAsync();
        JsonElement replaced = await (await Alice.PutAsync(new { n = 2 }, "k")).ShouldAnswerAsync();

        JsonElement read = await ReadAsync("k");
        Assert.Multiple(() =>
        {
            Assert.That(created.Names(), Is.EqualTo(new[] { "cid", "commit", "uri", "validationStatus" }));
            Assert.That(replaced.Text("uri"), Is.EqualTo(created.Text("uri")));
            Assert.That(replaced.Text("cid"), Is.Not.EqualTo(created.Text("cid")).And.EqualTo(read.Text("cid")));
            Assert.That(read.Text("value.n"), Is.EqualTo("2"));
        });
    }

    // Pitfall B 32.
    [Test]
    public async Task PutRecord_WhenNothingChanges_MakesNoCommit()
    {
        await Alice.PutAsync(new { n = 1 }, "k");
        JsonElement head = await Alice.HeadAsync();

        JsonElement answer = await (await Alice.PutAsync(new { n = 1 }, "k")).ShouldAnswerAsync();

        Assert.That(answer.Names(), Is.EqualTo(new[] { "cid", "uri", "validationStatus" }));
        Assert.That((await Alice.HeadAsync()).Text("cid"), Is.EqualTo(head.Text("cid")));
    }

    [Test]
    public async Task PutRecord_WhenSwapRecordIsTheCurrentVersion_IsAccepted()
    {
        JsonElement current = await Alice.CreateAsync(new { n = 1 }, "k");

        HttpResponseMessage response = await Alice.PutSwappingAsync(new { n = 2 }, "k", current.Text("cid"));

        await response.ShouldAnswerAsync();
    }

    [Test]
    public async Task PutRecord_WhenSwapRecordIsAnotherVersion_AnswersInvalidSwap()
    {
        JsonElement stale = await Alice.CreateAsync(new { n = 1 }, "k");
        JsonElement current = await (await Alice.PutAsync(new { n = 2 }, "k")).ShouldAnswerAsync();

        HttpResponseMessage response = await Alice.PutSwappingAsync(new { n = 3 }, "k", stale.Text("cid"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidSwap", $"Record was at {current.Text("cid")}");
    }

    [Test]
    public async Task PutRecord_WhenSwapRecordNamesAVersionOfNothing_AnswersInvalidSwap()
    {
        JsonElement other = await Alice.CreateAsync(new { n = 1 }, "other");

        HttpResponseMessage response = await Alice.PutSwappingAsync(new { n = 3 }, "k", other.Text("cid"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidSwap", "Record was at null");
    }

    // Pitfall B 35.
    [Test]
    public async Task PutRecord_WhenSwapRecordIsNull_CreatesButNeverReplaces()
    {
        HttpResponseMessage creates = await Alice.PutSwappingAsync(new { n = 1 }, "k", swapRecord: null);
        HttpResponseMessage replaces = await Alice.PutSwappingAsync(new { n = 2 }, "k", swapRecord: null);

        JsonElement created = await creates.ShouldAnswerAsync();
        await replaces.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidSwap", $"Record was at {created.Text("cid")}");
    }

    [Test]
    public async Task PutRecord_WhenSwapCommitIsStale_AnswersInvalidSwap()
    {
        JsonElement stale = await Alice.CreateAsync(new { n = 1 });
        await Alice.CreateAsync(new { n = 2 });

        HttpResponseMessage response = await Alice.PutAsync(new { n = 3 }, "k", swapCommit: stale.Text("commit.cid"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidSwap");
    }

    [Test]
    public async Task DeleteRecord_RemovesTheRecord()
    {
        await Alice.CreateAsync(new { n = 1 }, "k");

        JsonElement answer = await (await Alice.DeleteAsync("k")).ShouldAnswerAsync();

        JsonElement head = await Alice.HeadAsync();
        HttpResponseMessage read = await Alice.GetAsync(Query("k"));
        Assert.That(answer.Text("commit.cid"), Is.EqualTo(head.Text("cid")));
        await read.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RecordNotFound");
    }

    // Pitfall B 33.
    [Test]
    public async Task DeleteRecord_WhenThereIsNone_AnswersAnEmptyObjectAndMakesNoCommit()
    {
        JsonElement stale = await Alice.CreateAsync(new { n = 1 });
        JsonElement head = await Alice.CreateAsync(new { n = 2 });

        JsonElement answer = await (await Alice.DeleteAsync("nothing", swapRecord: stale.Text("cid"), swapCommit: stale.Text("commit.cid"))).ShouldAnswerAsync();

        Assert.That(answer.GetRawText(), Is.EqualTo("{}"));
        Assert.That((await Alice.HeadAsync()).Text("cid"), Is.EqualTo(head.Text("commit.cid")));
    }

    [Test]
    public async Task DeleteRecord_WhenSwapRecordIsAnotherVersion_AnswersInvalidSwap()
    {
        JsonElement stale = await Alice.CreateAsync(new { n = 1 }, "k");
        JsonElement current = await (await Alice.PutAsync(new { n = 2 }, "k")).ShouldAnswerAsync();

        HttpResponseMessage refused = await Alice.DeleteAsync("k", swapRecord: stale.Text("cid"));
        HttpResponseMessage accepted = await Alice.DeleteAsync("k", swapRecord: current.Text("cid"));

        await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidSwap", $"Record was at {current.Text("cid")}");
        await accepted.ShouldAnswerAsync();
    }

    [Test]
    public async Task DeleteRecord_WhenSwapCommitIsStale_AnswersInvalidSwap()
    {
        JsonElement stale = await Alice.CreateAsync(new { n = 1 }, "k");
        await Alice.CreateAsync(new { n = 2 });

        HttpResponseMessage response = await Alice.DeleteAsync("k", swapCommit: stale.Text("commit.cid"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidSwap");
    }

    private string Query(string rkey) => $"com.atproto.repo.getRecord?repo={Alice.Did}&collection=com.example.thing&rkey={rkey}";

    private async Task<JsonElement> ReadAsync(string rkey) => await (await Alice.GetAsync(Query(rkey))).ShouldAnswerAsync();
}
