using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Hosting;

/// <summary>What signals do to the real process.</summary>
[Platform("Linux,MacOsX")]
internal sealed class ShutdownTests
{
    private const int HangUp = 1;
    private const int Terminate = 15;

    [TestCase(HangUp)]
    [TestCase(Terminate)]
    public async Task Signal_WhenNothingIsUnderWay_EndsTheServerCleanly(int signal)
    {
        await using StoppingServer server = StoppingServer.Start();
        using HttpClient http = await server.ConnectAsync();

        server.Signal(signal);

        Assert.That(await server.WaitForExitAsync(), Is.Zero, server.Output);
        Assert.That(server.Output, Does.Not.Contain("Unhandled exception"));
    }

    [Test]
    public async Task Terminate_WhileAnUploadIsOpen_EndsTheServerCleanly()
    {
        await using StoppingServer server = StoppingServer.Start();
        using HttpClient http = await server.ConnectAsync();
        JsonObject account = new() { ["handle"] = "alice.test", ["email"] = "alice@example.com", ["password"] = PdsApplication.Password };
        JsonNode session = await (await http.PostXrpcAsync("com.atproto.server.createAccount", account)).ShouldBeJsonAsync();
        using var upload = new TcpClient("localhost", server.Port);
        await upload.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /xrpc/com.atproto.repo.uploadBlob HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {session["accessJwt"]}\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n"));
        byte[] proceed = new byte["HTTP/1.1 100 Continue\r\n\r\n".Length];
        await upload.GetStream().ReadExactlyAsync(proceed);    // its body is being read now
        await upload.GetStream().WriteAsync("x"u8.ToArray());

        server.Signal(Terminate);

        Assert.That(await server.WaitForExitAsync(), Is.Zero, server.Output);
        Assert.That(server.Output, Does.Not.Contain("Unhandled exception"));
        Assert.That(File.Exists($"{server.DatabaseFile}-wal"), Is.False, "The database was closed.");
    }

    [Test]
    public async Task Terminate_DuringTheFirstMigration_EndsTheServerCleanly()
    {
        await using StoppingServer server = StoppingServer.Start();
        await server.UntilAsync(() => Task.FromResult(File.Exists($"{server.DatabaseFile}-wal")));

        server.Signal(Terminate);

        Assert.That(await server.WaitForExitAsync(), Is.Zero, server.Output);
        Assert.That(server.Output, Does.Not.Contain("Unhandled exception").And.Not.Contain("Hosting failed to start"));
    }
}
