using System.CommandLine;
using System.Text;
using Pds.Server.Hosting;

namespace Pds.Server.Cli;

/// <summary>The ways to give a command a password. The command line itself is the last of them: other users of the machine see it, and the shell remembers it.</summary>
internal sealed class PasswordOptions
{
    private const string StandardInput = "-";

    private readonly Option<string?> _text;
    private readonly Option<string?> _file = new("--password-file") { Description = "The file whose first line is the password; `-` is standard input." };
    private readonly Option<bool> _ask = new("--ask-password") { Description = "Ask for the password on the terminal." };

    /// <param name="absent">What happens without a password, in a few words.</param>
    public PasswordOptions(string absent) => _text = new("--password") { Description = $"The password, for all on this machine to see; without one {absent}." };

    public void AddTo(Command command)
    {
        command.Add(_text);
        command.Add(_file);
        command.Add(_ask);
        command.Validators.Add(result =>
        {
            if (new Option[] { _text, _file, _ask }.Count(option => result.GetResult(option) is { Implicit: false }) > 1)
            {
                result.AddError("--password, --password-file and --ask-password exclude each other.");
            }
        });
    }

    /// <summary>The password; <see langword="null"/> when none was given.</summary>
    /// <exception cref="CliRefusal">The file or the terminal has none.</exception>
    public async Task<string?> ReadAsync(ParseResult result, CliSession session, CancellationToken cancellationToken)
    {
        if (result.GetValue(_text) is { } text)
        {
            return text;
        }

        string? line;
        if (result.GetValue(_file) is { } file)
        {
            line = file == StandardInput ? await session.Input.ReadLineAsync(cancellationToken) : (await File.ReadAllLinesAsync(file, cancellationToken)).FirstOrDefault();
        }
        else if (result.GetValue(_ask))
        {
            line = await AskAsync(session, cancellationToken);
        }
        else
        {
            return null;
        }

        return string.IsNullOrEmpty(line) ? throw new CliRefusal("NoPassword", "No password was given.", ExitCodes.Usage) : line;
    }

    private static async Task<string?> AskAsync(CliSession session, CancellationToken cancellationToken)
    {
        await session.Errors.WriteAsync("Password: ");
        await session.Errors.FlushAsync(cancellationToken);
        string? line = session.ReadsFromTerminal ? ReadUnseen() : await session.Input.ReadLineAsync(cancellationToken);
        await session.Errors.WriteLineAsync();
        return line;
    }

    private static string ReadUnseen()
    {
        StringBuilder typed = new();
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(typed.Length - 1, 0);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        return typed.ToString();
    }
}
