using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Domain.Moderation;

namespace Pds.UnitTests.Moderation;

internal sealed class AuditChainTests
{
    [Test]
    public void TryFollow_WhenRowsAreAsTheyWere_EndsAtTheSameHead()
    {
        AuditRecord[] rows = Rows(5);
        AuditChain chain = new();

        bool followed = rows.All(chain.TryFollow);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(followed, Is.True);
            Assert.That(chain.Count, Is.EqualTo(5));
            Assert.That(chain.Head.ToArray(), Is.EqualTo(rows[^1].Hash.ToArray()));
        }
    }

    [Test]
    public void TryFollow_WhenAnyFieldWasChanged_IsFalse()
    {
        AuditRecord row = Rows(1)[0];
        AuditAct act = row.Act;
        AuditAct[] changed =
        [
            act with { At = act.At.AddMilliseconds(1) },
            act with { Actor = "b" },
            act with { Action = "b" },
            act with { Subject = "b" },
            act with { Reason = null },
            act with { Reason = "" },
            act with { Outcome = "b" },
            act with { Actor = act.Actor + act.Action, Action = "" },
        ];

        Assert.That(changed.Select(other => new AuditChain().TryFollow(row with { Act = other })), Is.All.False);
    }

    [Test]
    public void TryFollow_WhenARowIsMissingOrMoved_IsFalse()
    {
        AuditRecord[] rows = Rows(3);
        AuditChain missing = new();
        AuditChain moved = new();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(missing.TryFollow(rows[0]) && missing.TryFollow(rows[2]), Is.False);
            Assert.That(moved.TryFollow(rows[1] with { Seq = 1 }), Is.False);
        }
    }

    [Test]
    public void CommandsOfOperators_AreAllAudited()
    {
        Type[] commands = [.. typeof(IAuditedRequest).Assembly.GetTypes().Where(type =>
            type is { IsClass: true, Namespace: "Pds.Application.Moderation" } && Array.Exists(
                type.GetInterfaces(), candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(ICommand<>)))];

        Assert.That(commands, Is.Not.Empty);
        Assert.That(commands.Where(type => !typeof(IAuditedRequest).IsAssignableFrom(type)), Is.Empty);
    }

    private static AuditRecord[] Rows(int count)
    {
        AuditChain chain = new();
        return
        [
            .. Enumerable.Range(0, count).Select(i => chain.Append(new AuditAct
            {
                At = DateTimeOffset.UnixEpoch.AddDays(i), Actor = "admin", Action = "test.act", Subject = $"did:web:{i}.example", Reason = "why", Outcome = AuditAct.Done,
            })),
        ];
    }
}
