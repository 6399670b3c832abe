using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Pds.IntegrationTests.Cli;

/// <summary>The command <c>pds</c> as a process of its own, from the folder that the tests were built into.</summary>
internal static partial class PdsProcess
{
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Settings of a server for production that talks to nobody.</summary>
    public static Dictionary<string, string?> Settings(string directory) => new(StringComparer.Ordinal)
    {
        ["PDS_HOSTNAME"] = "pds.example.com",
        ["PDS_PORT"] = FreePort().ToString(CultureInfo.InvariantCulture),
        ["PDS_DATA_DIRECTORY"] = directory,
        ["PDS_DID_PLC_URL"] = "http://127.0.0.1:1",
        ["PDS_JWT_SECRET"] = PdsApplication.JwtSecret,
        ["PDS_ADMIN_PASSWORD"] = PdsApplication.AdminPassword,
        ["PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX"] = new string('1', 64),
    };

    /// <summary>Runs a command to its end.</summary>
    /// <param name="settings">Environment variables; nothing else that begins with <c>PDS_</c> is set.</param>
    /// <param name="args">The verb and its options.</param>
    public static Task<Result> RunAsync(IReadOnlyDictionary<string, string?> settings, params string[] args) => RunUnderAsync([], settings, args);

    /// <summary>Runs a command under another one, such as <c>setpriv</c>.</summary>
    public static async Task<Result> RunUnderAsync(IReadOnlyList<string> outer, IReadOnlyDictionary<string, string?> settings, params string[] args)
    {
        using Process process = Start(outer, settings, args);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await EndAsync(process);
        return new Result(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts a server, waits until it says that it listens, and stops it.</summary>
    /// <returns>What it wrote.</returns>
    public static Task<Result> ServeAndStopAsync(IReadOnlyDictionary<string, string?> settings, params string[] options) => ServeAndStopUnderAsync([], settings, options);

    /// <summary>The same under another command, which the server takes the place of.</summary>
    public static async Task<Result> ServeAndStopUnderAsync(IReadOnlyList<string> outer, IReadOnlyDictionary<string, string?> settings, params string[] options)
    {
        using Process process = Start(outer, settings, ["serve", .. options]);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        List<string> lines = [];
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (line.Contains("Listening as", StringComparison.Ordinal))
            {
                Assert.That(Kill(process.Id, Terminate), Is.Zero);
            }
        }

        await EndAsync(process);
        return new Result(process.ExitCode, string.Join('\n', lines), await errors);
    }

    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(IReadOnlyList<string> outer, IReadOnlyDictionary<string, string?> settings, IReadOnlyList<string> args)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        string[] command = [.. outer, host, Path.Combine(AppContext.BaseDirectory, "pds.dll"), .. args];
        ProcessStartInfo start = new(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("PDS_", StringComparison.Ordinal) || name.StartsWith("LOG_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string? value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task EndAsync(Process process)
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    internal sealed record Result(int Code, string Output, string Errors)
    {
        /// <summary>Asserts that the start was refused with one message and no stack.</summary>
        /// <param name="parts">What the message says.</param>
        public void ShouldBeRefused(params string[] parts)
        {
            using (Assert.EnterMultipleScope())
            {
                Assert.That(Code, Is.EqualTo(78), Output + Errors);
                Assert.That(Errors.TrimEnd().Split('\n').Count(line => !line.StartsWith("  - ", StringComparison.Ordinal)), Is.EqualTo(1), Errors);
                Assert.That(Output + Errors, Does.Not.Contain("   at "));
                Assert.That(Output, Is.Empty);
                foreach (string part in parts)
                {
                    Assert.That(Errors, Does.Contain(part));
                }
            }
        }
    }
}
