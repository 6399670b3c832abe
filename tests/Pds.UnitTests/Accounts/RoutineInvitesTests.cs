using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.UnitTests.Accounts;

internal sealed class RoutineInvitesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [TestCase(0.5, ExpectedResult = 0)]
    [TestCase(3.5, ExpectedResult = 3)]
    [TestCase(30, ExpectedResult = 5)]
    public int CountDue_WithoutCodes_FollowsTheAge(double days) => RoutineInvites.CountDue(Now.AddDays(-days), [], Now, Day, DateTimeOffset.UnixEpoch);

    [Test]
    public void CountDue_WhenOlderThanTheEpoch_CountsFromTheEpoch() =>
        Assert.That(RoutineInvites.CountDue(Now.AddDays(-30), [], Now, Day, Now.AddDays(-2)), Is.EqualTo(2));

    [Test]
    public void CountDue_WhenCodesAreThere_CountsOpenAndEarnedOnes()
    {
        InviteCode[] used = [.. Enumerable.Range(0, 4).Select(_ => Code(used: true))];
        InviteCode[] open = [.. Enumerable.Range(0, 3).Select(_ => Code(used: false))];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(RoutineInvites.CountDue(Now.AddDays(-6), used, Now, Day, DateTimeOffset.UnixEpoch), Is.EqualTo(2));
            Assert.That(RoutineInvites.CountDue(Now.AddDays(-30), open, Now, Day, DateTimeOffset.UnixEpoch), Is.EqualTo(2));
            Assert.That(RoutineInvites.CountDue(Now.AddDays(-4), used, Now, Day, DateTimeOffset.UnixEpoch), Is.LessThanOrEqualTo(0));
        }
    }

    private static InviteCode Code(bool used) =>
        new("code", 1, false, "did:web:a.example", "did:web:a.example", Now.AddDays(-1), used ? [new InviteCodeUse(Did.Parse("did:web:b.example"), Now)] : []);
}
