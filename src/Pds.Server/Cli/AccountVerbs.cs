using System.CommandLine;
using System.Security.Cryptography;
using Pds.Application.Accounts;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Application.Server;
using Pds.Server.Hosting;

namespace Pds.Server.Cli;

/// <summary><c>pds account …</c></summary>
internal static class AccountVerbs
{
    private const string PasswordAlphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int PasswordLength = 24;
    private const int HandleDigits = 12;

    public static Command Build(CliSession session) => new("account", "Make and manage accounts.")
    {
        Create(session),
        List(session),
        Info(session),
        ResetPassword(session),
        ResetFactors(session),
        Measure(session, "deactivate", "Hide an account until it is activated again.", note => new UpdateSubjectStatusMeasure(null, new SubjectStatusAttribute(true, note))),
        Measure(session, "activate", "Open a deactivated account whose identity points here.", note => new UpdateSubjectStatusMeasure(null, new SubjectStatusAttribute(false, note))),
        Measure(session, "takedown", "Take an account down and end its sessions.", note => new UpdateSubjectStatusMeasure(new SubjectStatusAttribute(true, note), null)),
        Measure(session, "untakedown", "Lift the takedown of an account.", note => new UpdateSubjectStatusMeasure(new SubjectStatusAttribute(false, note), null)),
        Delete(session),
    };

    /// <summary>The argument that names an account.</summary>
    public static Argument<string> Account() => new("account") { Description = "DID, handle or e-mail address." };

    private static Command Create(CliSession session)
    {
        Option<string> handle = new("--handle") { Description = "Its handle.", Required = true };
        Option<string> email = new("--email") { Description = "The owner's address.", Required = true };
        Option<bool> reserved = new("--allow-reserved") { Description = "Give it the handle also if it is a reserved name or has a disallowed word." };
        PasswordOptions password = new("a password is made and shown");
        Command command = new("create", "Make an account with a new identity, also where sign-up is closed.") { handle, email, reserved };
        password.AddTo(command);
        return command.Does(session, async (result, at, cancel) =>
        {
            string wanted = result.GetRequiredValue(handle);
            bool isOverride = result.GetValue(reserved);
            string secret = await password.ReadAsync(result, at, cancel) ?? NewPassword();
            await using OperatorAccess server = await at.OpenAsync(cancel);
            DescribeServerOutput described = await server.GetAsync("com.atproto.server.describeServer", [], new DescribeServerQuery(), cancel);
            CreateInviteCodeInput invite = new(1);
            string? code = described.InviteCodeRequired
                ? (await server.PostAsync("com.atproto.server.createInviteCode", invite, new CreateInviteCodeCommand(OperatorAccess.Caller, invite), cancel)).Code
                : null;
            string first = isOverride ? TemporaryHandle(described) : wanted;
            CreateAccountInput input = new() { Handle = first, Email = result.GetRequiredValue(email), Password = secret, InviteCode = code };
            CreateAccountOutput made = await server.PostAsync("com.atproto.server.createAccount", input, new CreateAccountCommand(Caller.Anonymous.Instance, input), cancel);
            if (!isOverride)
            {
                await WriteAsync(made.Handle.ToString());
                return;
            }

            // Signing up knows no operator; changing a handle does.
            UpdateAccountHandleInput change = new(made.Did, wanted);
            try
            {
                await server.PostAsync("com.atproto.admin.updateAccountHandle", change, new UpdateAccountHandleCommand(OperatorAccess.Caller, change), cancel);
            }
            catch (CliRefusal refusal)
            {
                await WriteAsync(first);
                throw new CliRefusal(refusal.Error, $"The account was made, but it has the handle {first} instead of {wanted}: {refusal.Message}", refusal.ExitCode);
            }

            await WriteAsync(wanted);

            Task WriteAsync(string handleNow) => at.WriteAsync(
                new { made.Did, Handle = handleNow, Password = secret },
                $"did       {made.Did}", $"handle    {handleNow}", $"password  {secret}");
        });
    }

    private static Command List(CliSession session) => new Command("list", "Show all accounts.").Does(session, async (_, at, cancel) =>
    {
        await using OperatorAccess server = await at.OpenAsync(cancel);
        List<AccountView> accounts = [];
        await foreach (AccountView account in server.ListAsync(cancel))
        {
            accounts.Add(account);
        }

        await at.WriteAsync(
            new { accounts },
            accounts.Select(account => $"{account.Did}  {account.Handle}  {account.Email ?? "-"}{(account.DeactivatedAt is null ? "" : "  deactivated")}"));
    });

    private static Command Info(CliSession session)
    {
        Argument<string> account = Account();
        return new Command("info", "Show one account.") { account }.Does(session, async (result, at, cancel) =>
        {
            await using OperatorAccess server = await at.OpenAsync(cancel);
            AccountView view = await server.FindAsync(result.GetRequiredValue(account), cancel);
            GetSubjectStatusOutput status = await server.GetAsync(
                "com.atproto.admin.getSubjectStatus", [("did", view.Did.ToString())], new GetSubjectStatusQuery(OperatorAccess.Caller, view.Did, null, null), cancel);
            await at.WriteAsync(
                new { Account = view, status.Takedown, status.Deactivated },
                $"did         {view.Did}",
                $"handle      {view.Handle}",
                $"email       {view.Email ?? "-"}{(view.EmailConfirmedAt is null ? "" : " (confirmed)")}",
                $"created     {view.IndexedAt:yyyy-MM-dd HH:mm:ss} UTC",
                $"invites     {view.Invites?.Count ?? 0}{(view.InvitesDisabled ? " (disabled)" : "")}",
                $"status      {(status.Takedown.Applied ? $"taken down ({status.Takedown.Ref})" : view.DeactivatedAt is null ? "active" : "deactivated")}");
        });
    }

    private static Command ResetPassword(CliSession session)
    {
        Argument<string> account = Account();
        PasswordOptions password = new("a password is made and shown");
        Command command = new("reset-password", "Set the password of an account and end its sessions.") { account };
        password.AddTo(command);
        return command.Does(session, async (result, at, cancel) =>
        {
            string secret = await password.ReadAsync(result, at, cancel) ?? NewPassword();
            await using OperatorAccess server = await at.OpenAsync(cancel);
            AccountView view = await server.FindAsync(result.GetRequiredValue(account), cancel);
            UpdateAccountPasswordInput input = new(view.Did, secret);
            await server.PostAsync("com.atproto.admin.updateAccountPassword", input, new UpdateAccountPasswordCommand(OperatorAccess.Caller, input), cancel);
            await at.WriteAsync(new { view.Did, input.Password }, $"did       {view.Did}", $"password  {input.Password}");
        });
    }

    private static Command ResetFactors(CliSession session)
    {
        Argument<string> account = Account();
        Option<string?> reason = new("--reason") { Description = "Why; kept in the audit trail." };
        return new Command("reset-factors", "Take the authenticator app, recovery codes, passkeys and the code by e-mail from an account whose owner has lost them. The password alone signs in then.")
        {
            account, reason,
        }.Does(session, async (result, at, cancel) =>
        {
            await using OperatorAccess server = await at.OpenAsync(cancel);
            AccountView view = await server.FindAsync(result.GetRequiredValue(account), cancel);
            ResetAccountFactorsInput input = new(view.Did, result.GetValue(reason));
            await server.PostAsync("_resetAccountFactors", input, new ResetAccountFactorsCommand(OperatorAccess.Caller, input), cancel);
            await at.WriteAsync(new { view.Did, Done = "reset-factors" }, $"{view.Did}: reset-factors done");
        });
    }

    private static Command Measure(CliSession session, string verb, string description, Func<string?, UpdateSubjectStatusMeasure> measure)
    {
        Argument<string> account = Account();
        Option<string?> reason = new("--reason") { Description = "Why; kept with the account and in the audit trail." };
        return new Command(verb, description) { account, reason }.Does(session, async (result, at, cancel) =>
        {
            await using OperatorAccess server = await at.OpenAsync(cancel);
            AccountView view = await server.FindAsync(result.GetRequiredValue(account), cancel);
            (SubjectStatusAttribute? takedown, SubjectStatusAttribute? deactivated) = measure(result.GetValue(reason));
            UpdateSubjectStatusInput input = new(new RepoRef(view.Did), takedown, deactivated);
            await server.PostAsync("com.atproto.admin.updateSubjectStatus", input, new UpdateSubjectStatusCommand(OperatorAccess.Caller, input), cancel);
            await at.WriteAsync(new { view.Did, Done = verb }, $"{view.Did}: {verb} done");
        });
    }

    private static Command Delete(CliSession session)
    {
        Argument<string> account = Account();
        Option<bool> yes = new("--yes") { Description = "Yes, delete it and everything it holds, for good." };
        return new Command("delete", "Delete an account for good.") { account, yes }.Does(session, async (result, at, cancel) =>
        {
            await using OperatorAccess server = await at.OpenAsync(cancel);
            AccountView view = await server.FindAsync(result.GetRequiredValue(account), cancel);
            if (!result.GetValue(yes))
            {
                throw new CliRefusal("NotConfirmed", $"This deletes {view.Did} ({view.Handle}) for good. Add --yes to do it.", ExitCodes.Usage);
            }

            RemoveAccountInput input = new(view.Did);
            await server.PostAsync("com.atproto.admin.deleteAccount", input, new RemoveAccountCommand(OperatorAccess.Caller, input), cancel);
            await at.WriteAsync(new { view.Did, Done = "delete" }, $"{view.Did}: deleted");
        });
    }

    private static string TemporaryHandle(DescribeServerOutput server) => $"new-{RandomNumberGenerator.GetHexString(HandleDigits, lowercase: true)}{server.AvailableUserDomains[0]}";

    private static string NewPassword() => RandomNumberGenerator.GetString(PasswordAlphabet, PasswordLength);

    private sealed record UpdateSubjectStatusMeasure(SubjectStatusAttribute? Takedown, SubjectStatusAttribute? Deactivated);
}
