using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pds.IntegrationTests.Blobs;

/// <summary>An S3-compatible server in a process of its own: s3rver, from <c>tests/s3</c>.</summary>
internal sealed class S3Server : IAsyncDisposable
{
    public const string Bucket = "blobs";
    public const string AccessKey = "S3RVER";

    private readonly Process _process;
    private readonly string _folder;

    private S3Server(Process process, string folder, Uri endpoint)
    {
        _process = process;
        _folder = folder;
        Endpoint = endpoint;
    }

    public Uri Endpoint { get; }

    /// <summary>Starts it; skips the tests where it is not installed, except in CI.</summary>
    public static async Task<S3Server> StartAsync()
    {
        string? script = FindScript();
        if (script is null)
        {
            Requirement.IsMissing("s3rver is not installed: run `npm ci` in tests/s3");
        }

        string folder = Directory.CreateTempSubdirectory("pds-s3-").FullName;
        int port = FreePort();
        var start = new ProcessStartInfo("node", [script!, "-d", folder, "-a", "127.0.0.1", "-p", $"{port}", "--configure-bucket", Bucket, "--silent"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            var server = new S3Server(Process.Start(start)!, folder, new Uri($"http://127.0.0.1:{port}"));
            await server.WaitAsync(port);
            return server;
        }
        catch (Win32Exception)
        {
            Requirement.IsMissing("node is not installed");
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? FindScript()
    {
        for (DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            string project = Path.Combine(folder.FullName, "tests", "s3");
            if (Directory.Exists(Path.Combine(project, "node_modules", "s3rver")))
            {
                return Path.Combine(project, "server.cjs");
            }
        }

        return null;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitAsync(int port)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
    }
}
