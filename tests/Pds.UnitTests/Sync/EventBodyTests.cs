using Pds.Domain.Accounts;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;

namespace Pds.UnitTests.Sync;

/// <summary>Numbers are taken out of frames and put back. That the frames are right is what <see cref="EventFrameTests"/> shows.</summary>
internal sealed class EventBodyTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static IEnumerable<TestCaseData> Events()
    {
        Repository repository = Given.Repository();
        RepositoryChange first = repository.Apply([]);
        RepositoryChange next = repository.Apply([RecordWrite.Create(Given.Path("seq"), Given.Post()), RecordWrite.Create(Given.Path("time"), Given.Post())]);
        yield return new TestCaseData(new CommitEvent(first)).SetArgDisplayNames("first commit");
        yield return new TestCaseData(new CommitEvent(next)).SetArgDisplayNames("commit");
        yield return new TestCaseData(new SyncEvent(next.Commit)).SetArgDisplayNames("sync");
        yield return new TestCaseData(new IdentityEvent(Given.Did(), null)).SetArgDisplayNames("identity");
        yield return new TestCaseData(new IdentityEvent(Given.Did(), Domain.Identifiers.Handle.Parse("alice.test"))).SetArgDisplayNames("identity with handle");
        yield return new TestCaseData(new AccountEvent(Given.Did(), null)).SetArgDisplayNames("active account");
        yield return new TestCaseData(new AccountEvent(Given.Did(), AccountStatus.Takendown)).SetArgDisplayNames("account");
    }

    [TestCaseSource(nameof(Events))]
    public void FromFrame_WhateverTheNumber_GivesTheSameBody(RepoEvent repoEvent)
    {
        byte[] body = EventBody.Encode(repoEvent);

        foreach (long seq in new[] { 1L, 23, 24, 255, 256, 65_535, 65_536, uint.MaxValue, 1L << 40 })
        {
            byte[] frame = EventBody.ToFrame(body, seq, Time);

            Assert.That(EventBody.FromFrame(frame), Is.EqualTo(body), $"{seq}");
            Assert.That(frame, Has.Length.EqualTo(body.Length + EventBody.MeasureNumber(seq)), $"{seq}");
        }
    }

    [Test]
    public void ToFrame_WhenTheBytesAreNoBody_Throws([Values("", "a0", "a0a0", "a0ff", "a0a163736571", "a1")] string hex) =>
        Assert.That(() => EventBody.FromFrame(Convert.FromHexString(hex)), Throws.InstanceOf<InvalidDataException>());

    [Test]
    public void ToFrame_WhenThereIsANumberAlready_Throws()
    {
        byte[] frame = EventFrame.Encode(new AccountEvent(Given.Did(), null), 7, Time);

        Assert.That(() => EventBody.ToFrame(frame, 7, Time), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void FromFrame_OfAnInfo_Throws() =>
        Assert.That(() => EventBody.FromFrame(EventFrame.Info("OutdatedCursor", "m")), Throws.InstanceOf<InvalidDataException>());
}
