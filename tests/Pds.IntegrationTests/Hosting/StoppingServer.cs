using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Pds.IntegrationTests.Hosting;

/// <summary>The command <c>pds serve</c> as a process of its own, to be stopped by signals.</summary>
internal sealed class StoppingServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _directory;
    private readonly StringBuilder _output = new();

    private StoppingServer(Process process, string directory, int port)
    {
        (_process, _directory, Port) = (process, directory, port);
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Port { get; }

    /// <summary>All that was written to both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public string DatabaseFile => Path.Combine(_directory, "pds.sqlite");

    public static StoppingServer Start()
    {
        string directory = Directory.CreateTempSubdirectory("pds-stop-").FullName;
        int port = FreePort();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pds.dll"), "serve"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PDS_PORT"] = port.ToString(),
                ["PDS_HOSTNAME"] = "localhost",
                ["PDS_DEV_MODE"] = "true",
                ["PDS_DATA_DIRECTORY"] = directory,
                ["PDS_JWT_SECRET"] = PdsApplication.JwtSecret,
                ["PDS_ADMIN_PASSWORD"] = PdsApplication.AdminPassword,
                ["PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX"] = new string('1', 64),
                ["PDS_INVITE_REQUIRED"] = "false",
                ["LOG_LEVEL"] = "info",
            },
        };
        return new StoppingServer(Process.Start(start)!, directory, port);
    }

    /// <summary>Waits until it answers.</summary>
    public async Task<HttpClient> ConnectAsync()
    {
        var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{Port}") };
        await UntilAsync(async () =>
        {
            try
            {
                return (await http.GetAsync(new Uri("/xrpc/_health", UriKind.Relative))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return http;
    }

    public void Signal(int signal) => Assert.That(Kill(_process.Id, signal), Is.Zero);

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code; more than 128 when a signal ended it.</returns>
    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Asks until the answer is yes, or the process ends.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!_process.HasExited && !await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
