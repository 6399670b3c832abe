using System.Text.Json;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.IntegrationTests.Repositories;

namespace Pds.IntegrationTests.Sync;

/// <summary>What is acknowledged is in the firehose, once, in order, and holds up to the check of a consumer.</summary>
internal sealed class ConcurrentWritersTests : RepoTest
{
    // Pitfall B 29, C 49.
    [Test]
    public async Task Write_BySixteenToOneRepository_GivesOneChainOfCommits()
    {
        await using FirehoseClient first = await Server.SubscribeAsync("?cursor=0");
        await using FirehoseClient second = await Server.SubscribeAsync("?cursor=0");

        IEnumerable<string?>[] revs = await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            var mine = new List<string?>();
            for (int i = 0; i < 12; i++)
            {
                mine.Add((await Alice.CreateAsync(new { writer, i })).Text("commit.rev"));
            }

            Assert.That(mine, Is.Ordered.Using((IComparer<string?>)StringComparer.Ordinal));
            return mine.AsEnumerable();
        }));

        foreach (FirehoseClient subscriber in new[] { first, second })
        {
            IReadOnlyList<FirehoseFrame> commits = await subscriber.WaitForCommitsAsync(Alice.Did.ToString(), 1 + (16 * 12));
            await ShouldBeAChainAsync(Alice, commits);
            Assert.That(commits.Skip(1).Select(commit => (string?)commit.Body["rev"]), Is.EqualTo(revs.SelectMany(mine => mine).Order(StringComparer.Ordinal)));
            ShouldBeGapless(subscriber);
        }
    }

    [Test]
    public async Task Write_BySixtyFourAccounts_IsHeardByEverySubscriberInTheSameOrder()
    {
        await using FirehoseClient early = await Server.SubscribeAsync("?cursor=0");
        RepoClient[] accounts = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Server.CreateAccountAsync()));

        Task<JsonElement[][]> writing = Task.WhenAll(accounts.Select(account => Task.Run(async () =>
        {
            var answers = new List<JsonElement>();
            for (int i = 0; i < 4; i++)
            {
                answers.Add(await account.CreateAsync(new { i }, $"k{i}"));
            }

            answers.Add(await (await account.PutAsync(new { i = -1 }, "k0")).ShouldAnswerAsync());
            answers.Add(await (await account.DeleteAsync("k1")).ShouldAnswerAsync());
            return answers.ToArray();
        })));
        await early.WaitForCommitsAsync(accounts[0].Did.ToString(), 2);
        await using FirehoseClient meanwhile = await Server.SubscribeAsync("?cursor=0");
        JsonElement[][] acknowledged = await writing;

        foreach (FirehoseClient subscriber in new[] { early, meanwhile })
        {
            for (int i = 0; i < accounts.Length; i++)
            {
                IReadOnlyList<FirehoseFrame> commits = await subscriber.WaitForCommitsAsync(accounts[i].Did.ToString(), 7);
                await ShouldBeAChainAsync(accounts[i], commits);
                Assert.That(
                    commits.Skip(1).Select(commit => (string?)commit.Body["rev"]), Is.EqualTo(acknowledged[i].Select(answer => answer.Text("commit.rev"))));
            }

            ShouldBeGapless(subscriber);
        }

        long last = early.Events.Last().Seq!.Value;
        await meanwhile.WaitForAsync(frame => frame.Seq == last);
        Assert.That(meanwhile.Events.Where(frame => frame.Seq <= last).Select(frame => Convert.ToHexString(frame.Bytes)), Is.EqualTo(early.Events.Select(frame => Convert.ToHexString(frame.Bytes))));
    }

    private static void ShouldBeGapless(FirehoseClient subscriber)
    {
        long[] seqs = [.. subscriber.Events.Select(frame => frame.Seq!.Value)];
        Assert.That(seqs, Is.EqualTo(Enumerable.Range(0, seqs.Length).Select(i => seqs[0] + i)));
        Assert.That(seqs[0], Is.EqualTo(1));
    }

    private async Task ShouldBeAChainAsync(RepoClient account, IReadOnlyList<FirehoseFrame> commits)
    {
        PublicKey key = await Server.PublicKeyAsync(account.Did);
        Commit? previous = null;
        foreach (FirehoseFrame frame in commits)
        {
            Commit commit = CommitVerification.Verify(ClaimOf(frame), key, Server.Verifier);
            Assert.That(frame.Body["since"], Is.EqualTo(previous?.Rev.ToString()));
            Assert.That(frame.Body.GetValueOrDefault("prevData"), Is.EqualTo(previous?.Data));
            Assert.That(previous is null || commit.Rev > previous.Rev, Is.True);
            previous = commit;
        }
    }

    private static CommitClaim ClaimOf(FirehoseFrame frame) => new()
    {
        Did = Did.Parse((string)frame.Body["repo"]!),
        Commit = (Cid)frame.Body["commit"]!,
        Rev = Tid.Parse((string)frame.Body["rev"]!),
        Since = Tid.TryParse((string?)frame.Body["since"], out Tid since) ? since : null,
        PrevData = (Cid?)frame.Body.GetValueOrDefault("prevData"),
        Blocks = (byte[])frame.Body["blocks"]!,
        Ops = [.. ((List<object?>)frame.Body["ops"]!).Cast<Dictionary<string, object?>>().Select(OpOf)],
    };

    private static RepositoryOp OpOf(Dictionary<string, object?> op)
    {
        Assert.That(RecordPath.TryParse((string)op["path"]!, out RecordPath path), Is.True);
        return new RepositoryOp(
            Enum.Parse<WriteAction>((string)op["action"]!, ignoreCase: true), path, (Cid?)op["cid"], (Cid?)op.GetValueOrDefault("prev"), Record: null);
    }
}
