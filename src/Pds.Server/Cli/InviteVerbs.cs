using System.CommandLine;
using Pds.Application.Accounts;
using Pds.Application.Moderation;

namespace Pds.Server.Cli;

/// <summary><c>pds invite …</c></summary>
internal static class InviteVerbs
{
    private const int PageSize = 500;

    public static Command Build(CliSession session) => new("invite", "Make and show invite codes.") { Create(session), List(session) };

    private static Command Create(CliSession session)
    {
        Option<int> uses = new("--uses") { Description = "How many accounts can be made with it.", DefaultValueFactory = _ => 1 };
        Option<string?> account = new("--for") { Description = "The account that may give it away: DID, handle or e-mail address." };
        uses.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--uses must be 1 or more.");
            }
        });
        return new Command("create", "Make an invite code.") { uses, account }.Does(session, async (result, at, cancel) =>
        {
            await using OperatorAccess server = await at.OpenAsync(cancel);
            AccountView? owner = result.GetValue(account) is { } name ? await server.FindAsync(name, cancel) : null;
            CreateInviteCodeInput input = new(result.GetValue(uses), owner?.Did);
            CreateInviteCodeOutput made = await server.PostAsync(input, new CreateInviteCodeCommand(OperatorAccess.Caller, input), cancel);
            await at.WriteAsync(made, made.Code);
        });
    }

    private static Command List(CliSession session) => new Command("list", "Show all invite codes, newest first.").Does(session, async (_, at, cancel) =>
    {
        await using OperatorAccess server = await at.OpenAsync(cancel);
        List<InviteCodeView> codes = [];
        for (string? cursor = null; ;)
        {
            GetInviteCodesQuery query = new(OperatorAccess.Caller) { Cursor = cursor, Limit = PageSize };
            GetInviteCodesOutput page = await server.GetAsync([("cursor", cursor), ("limit", $"{PageSize}")], query, cancel);
            codes.AddRange(page.Codes);
            if (page.Codes.Count < PageSize)
            {
                break;
            }

            cursor = page.Cursor;
        }

        await at.WriteAsync(
            new { codes },
            codes.Select(code => $"{code.Code}  used {code.Uses.Count} of {code.Available}  for {code.ForAccount}{(code.Disabled ? "  disabled" : "")}"));
    });
}
