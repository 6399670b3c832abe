using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pds.IntegrationTests.Cli;

/// <summary>Somebody else's program on a port: keeps the heads of requests, and answers 200.</summary>
internal sealed class StrangerServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly List<string> _requests = [];
    private readonly Func<string, Task<string>> _answer;
    private readonly Task _serving;

    private StrangerServer(Func<string, Task<string>> answer)
    {
        _answer = answer;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = Task.Run(ServeAsync);
    }

    public int Port { get; }

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <param name="answer">From a path to a body; by default as much text as a caller could want.</param>
    public static StrangerServer Start(Func<string, Task<string>>? answer = null) => new(answer ?? (_ => Task.FromResult(new string('0', 64))));

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _serving;
        _listener.Dispose();
        _over.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_over.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        StringBuilder head = new();
        while (await reader.ReadLineAsync(_over.Token) is { Length: > 0 } line)
        {
            head.AppendLine(line);
        }

        string request = head.ToString();
        lock (_requests)
        {
            _requests.Add(request);
        }

        string body = await _answer(request.Split(' ')[1]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), _over.Token);
    }
}
