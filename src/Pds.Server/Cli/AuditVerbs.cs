using System.CommandLine;
using System.Runtime.CompilerServices;
using Pds.Application.Moderation;
using Pds.Domain.Moderation;

namespace Pds.Server.Cli;

/// <summary><c>pds audit …</c>. Both verbs only read, so they work beside a running server.</summary>
internal static class AuditVerbs
{
    private const int PageSize = 1000;

    public static Command Build(CliSession session) => new("audit", "What operators and moderators did.") { List(session), Verify(session) };

    private static Command List(CliSession session) => new Command("list", "Show the audit trail, oldest first.").Does(session, async (_, at, cancel) =>
    {
        await using DirectAccess server = await at.OpenForReadingAsync(cancel);
        List<AuditAct> acts = [];
        await foreach (AuditRecord record in ReadAsync(server, cancel))
        {
            acts.Add(record.Act);
        }

        await at.WriteAsync(
            new { acts },
            acts.Select(act => $"{act.At:yyyy-MM-dd HH:mm:ss}  {act.Actor}  {act.Action}  {act.Subject}  {act.Outcome}{(act.Reason is null ? "" : $"  ({act.Reason})")}"));
    });

    private static Command Verify(CliSession session)
    {
        Option<string?> head = new("--head") { Description = "A head that was noted before, in hex; it has to be in the trail still." };
        return new Command("verify", "Check that nobody has changed the audit trail. Note the head it shows: with --head, a later check finds rows cut off at the end.") { head }
            .Does(session, async (result, at, cancel) =>
            {
                string? noted = result.GetValue(head);
                await using DirectAccess server = await at.OpenForReadingAsync(cancel);
                AuditChain chain = new();
                bool isFound = noted is null;
                await foreach (AuditRecord record in ReadAsync(server, cancel))
                {
                    if (!chain.TryFollow(record))
                    {
                        throw new CliRefusal("AuditBroken", $"The audit trail was changed: row {chain.Count + 1} does not follow from the rows before it.");
                    }

                    isFound |= string.Equals(Convert.ToHexString(chain.Head.Span), noted, StringComparison.OrdinalIgnoreCase);
                }

                if (!isFound)
                {
                    throw new CliRefusal("AuditCutOff", $"The audit trail was changed: none of its {chain.Count} rows has the hash {noted}.");
                }

                string last = Convert.ToHexStringLower(chain.Head.Span);
                await at.WriteAsync(new { Rows = chain.Count, Head = last }, $"{chain.Count} rows, unchanged", $"head {last}");
            });
    }

    private static async IAsyncEnumerable<AuditRecord> ReadAsync(DirectAccess server, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAuditLog log = server.Services.GetRequiredService<IAuditLog>();
        IReadOnlyList<AuditRecord> page;
        for (long after = 0; (page = await log.ReadAsync(after, PageSize, cancellationToken)).Count > 0; after = page[^1].Seq)
        {
            foreach (AuditRecord record in page)
            {
                yield return record;
            }
        }
    }
}
