using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Pds.Application.Server;
using Pds.Server.Hosting;

namespace Pds.Server.Cli;

/// <summary>The verbs of <c>pds</c>.</summary>
internal static class PdsCommandLine
{
    private const string Serve = "serve";

    private static readonly Option<bool> Json = new("--json") { Description = "Write results and refusals as JSON.", Recursive = true };

    /// <summary>Builds all verbs.</summary>
    /// <param name="session">What they work with.</param>
    /// <param name="serve">Runs the server; told whether it may begin without accounts where there was a server.</param>
    public static RootCommand Build(CliSession session, Func<bool, Task<int>> serve)
    {
        RootCommand root = new("An AT Protocol Personal Data Server. Without a verb the server runs. Settings are PDS_* environment variables, as of the official distribution.")
        {
            Json,
        };
        Option<bool> empty = new("--empty") { Description = "Begin an empty server, also where files of an official server, blobs or a lock say that there was one." };
        Command server = new(Serve, "Run the server.") { empty };
        server.SetAction((result, _) => serve(result.GetValue(empty)));
        root.SetAction((_, _) => serve(false));
        root.Add(server);
        root.Add(InitVerb.Build(session));
        root.Add(AccountVerbs.Build(session));
        root.Add(InviteVerbs.Build(session));
        root.Add(KeyVerbs.Build(session));
        root.Add(IdentityVerbs.Build(session));
        root.Add(BlobVerbs.Build(session));
        root.Add(AuditVerbs.Build(session));
        return root;
    }

    /// <summary>Runs one command and gives its exit code.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, CliSession session, Func<bool, Task<int>> serve, CancellationToken cancellationToken = default)
    {
        ParseResult command = Build(session, serve).Parse(args);
        if (command.Errors.Count > 0)
        {
            foreach (string error in command.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal))
            {
                await session.Errors.WriteLineAsync(error);
            }

            await session.Errors.WriteLineAsync($"See `pds {Path(command)}--help`.");
            return ExitCodes.Usage;
        }

        InvocationConfiguration configuration = new() { Output = session.Output, Error = session.Errors, EnableDefaultExceptionHandler = false };
        if (command.CommandResult.Command is RootCommand or { Name: Serve })
        {
            configuration.ProcessTerminationTimeout = null; // a server stops itself at a signal, and takes the time that needs
        }

        return await command.InvokeAsync(configuration, cancellationToken);
    }

    /// <summary>Gives a command its work; refusals become messages and exit codes.</summary>
    public static Command Does(this Command command, CliSession session, Func<ParseResult, CliSession, CancellationToken, Task> work)
    {
        command.SetAction((result, cancellationToken) => RunAsync(session with { AsJson = result.GetValue(Json) }, at => work(result, at, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(CliSession session, Func<CliSession, Task> work)
    {
        try
        {
            await work(session);
            return ExitCodes.Done;
        }
        catch (CliRefusal refusal)
        {
            await session.WriteErrorAsync(refusal.Error, refusal.Message);
            return refusal.ExitCode;
        }
        catch (OptionsValidationException exception)
        {
            await session.WriteErrorAsync("Misconfigured", $"The settings are not complete:\n{string.Join('\n', exception.Failures.Select(fault => $"  - {fault}"))}");
            return ExitCodes.Misconfigured;
        }
        catch (StartRefusedException exception)
        {
            await session.WriteErrorAsync("NotStarted", exception.Message);
            return ExitCodes.Misconfigured;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            await session.WriteErrorAsync("Failed", exception.Message);
            return ExitCodes.Refused;
        }
    }

    /// <summary>The verbs as far as they were understood, each with a blank behind it.</summary>
    private static string Path(ParseResult command)
    {
        string path = "";
        for (SymbolResult? at = command.CommandResult; at is not null; at = at.Parent)
        {
            path = at is CommandResult { Command: not RootCommand and { Name: var name } } ? $"{name} {path}" : path;
        }

        return path;
    }
}
