using System.Text.Json;
using Pds.Domain.Crypto;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;
using Pds.UnitTests.Crypto;

namespace Pds.UnitTests.Sync;

/// <summary>Messages that the official packages made: read, verified with their key, and written again.</summary>
internal sealed class FrameVectorTests
{
    private static readonly JsonDocument Vectors =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "firehose", "frames.json")));

    private static IEnumerable<TestCaseData> Frames() =>
        Vectors.RootElement.GetProperty("frames").EnumerateArray().Select(frame => new TestCaseData(frame).SetArgDisplayNames(frame.GetProperty("name").GetString()!));

    [TestCaseSource(nameof(Frames))]
    public void Decode_WhateverTheReferenceMakes_SaysTheSame(JsonElement vector)
    {
        StreamMessage message = EventFrame.Decode(vector.GetProperty("base64").GetBytesFromBase64());

        Assert.That(
            message switch
            {
                EventMessage { Event: CommitEvent } => "#commit",
                EventMessage { Event: SyncEvent } => "#sync",
                EventMessage { Event: IdentityEvent } => "#identity",
                EventMessage { Event: AccountEvent } => "#account",
                InfoMessage => "#info",
                UnknownMessage unknown => unknown.Type,
                _ => null,
            },
            Is.EqualTo(vector.GetProperty("type").GetString()));
        Assert.That((message as EventMessage)?.Seq, Is.EqualTo(vector.GetProperty("seq") is { ValueKind: JsonValueKind.Number } seq ? seq.GetInt64() : (long?)null));
    }

    [TestCaseSource(nameof(Frames))]
    public void Encode_WhenEveryMemberIsKnown_GivesTheBytesOfTheReference(JsonElement vector)
    {
        byte[] frame = vector.GetProperty("base64").GetBytesFromBase64();
        StreamMessage message = EventFrame.Decode(frame);

        byte[] again = message is UnknownMessage ? [] : EventFrame.Encode(message);

        Assert.That(again.AsSpan().SequenceEqual(frame), Is.EqualTo(vector.GetProperty("isOurs").GetBoolean()));
    }

    [Test]
    public void Verify_EveryCommitOfTheReference_IsGoodAndFollowsOnTheOneBefore()
    {
        Assert.That(PublicKey.TryParseDidKey(Vectors.RootElement.GetProperty("key").GetString(), out PublicKey? key), Is.True);
        Commit? last = null;
        int commits = 0;

        foreach (JsonElement vector in Vectors.RootElement.GetProperty("frames").EnumerateArray())
        {
            if (EventFrame.Decode(vector.GetProperty("base64").GetBytesFromBase64()) is EventMessage { Event: CommitEvent { Claim: var claim } })
            {
                Commit commit = CommitVerification.Verify(claim, key!, GivenKeys.Verifier);

                Assert.That((claim.Since, claim.PrevData), Is.EqualTo((last?.Rev, last?.Data)));
                Assert.That((commit.Cid.ToString(), claim.Ops.Count), Is.EqualTo((vector.GetProperty("commit").GetString(), vector.GetProperty("ops").GetInt32())));
                last = commit;
                commits++;
            }
        }

        Assert.That(commits, Is.EqualTo(4));
    }
}
