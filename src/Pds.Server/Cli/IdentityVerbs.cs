using System.CommandLine;
using Pds.Application.Moderation;
using Pds.Server.Hosting;

namespace Pds.Server.Cli;

/// <summary><c>pds identity …</c></summary>
internal static class IdentityVerbs
{
    public static Command Build(CliSession session) => new("identity", "Identities of accounts.") { Publish(session) };

    private static Command Publish(CliSession session)
    {
        Argument<string?> account = new("account") { Description = "DID, handle or e-mail address.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> all = new("--all") { Description = "All accounts that are not deactivated." };
        return new Command("publish", "Put an account's handle into its identity if it is missing there, and tell relays to look at the identity again.") { account, all }
            .Does(session, async (result, at, cancel) =>
            {
                string? name = result.GetValue(account);
                if (name is null != result.GetValue(all))
                {
                    throw new CliRefusal("Usage", "Name an account, or say --all.", ExitCodes.Usage);
                }

                await using OperatorAccess server = await at.OpenAsync(cancel);
                List<AccountView> accounts = [];
                if (name is not null)
                {
                    accounts.Add(await server.FindAsync(name, cancel));
                }
                else
                {
                    await foreach (AccountView view in server.ListAsync(cancel))
                    {
                        accounts.AddRange(view.DeactivatedAt is null ? [view] : []);
                    }
                }

                foreach (AccountView view in accounts)
                {
                    UpdateAccountHandleInput input = new(view.Did, view.Handle.ToString());
                    await server.PostAsync("com.atproto.admin.updateAccountHandle", input, new UpdateAccountHandleCommand(OperatorAccess.Caller, input), cancel);
                }

                await at.WriteAsync(new { Published = accounts.Select(view => view.Did) }, accounts.Select(view => $"{view.Did}  at://{view.Handle}  published"));
            });
    }
}
