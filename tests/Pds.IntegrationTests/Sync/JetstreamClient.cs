using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Sync;

/// <summary>A subscriber of the JSON stream that keeps what it receives.</summary>
internal sealed class JetstreamClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _over = new();
    private readonly List<JsonNode> _messages = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public IReadOnlyList<JsonNode> Messages
    {
        get
        {
            lock (_messages)
            {
                return [.. _messages];
            }
        }
    }

    public static async Task<JetstreamClient> OpenAsync(Uri server, string query = "")
    {
        var client = new JetstreamClient();
        var uri = new UriBuilder(server) { Scheme = "ws", Path = "/subscribe", Query = query };
        await client._socket.ConnectAsync(uri.Uri, CancellationToken.None);
        client._reading = Task.Run(client.ReadAsync);
        return client;
    }

    public Task SayAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>Waits until that many messages have come which meet a condition.</summary>
    public async Task<IReadOnlyList<JsonNode>> WaitForAsync(int count, Func<JsonNode, bool>? condition = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task more;
            lock (_messages)
            {
                JsonNode[] met = [.. _messages.Where(condition ?? (_ => true))];
                if (met.Length >= count)
                {
                    return met;
                }

                more = _more.Task;
            }

            await more.WaitAsync(patience.Token);
        }
    }

    public Task WaitForCloseAsync() => _reading.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _reading;
        _socket.Dispose();
        _over.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                WebSocketReceiveResult received = await _socket.ReceiveAsync(buffer, _over.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _over.Token);
                    return;
                }

                message.Write(buffer, 0, received.Count);
                if (received.EndOfMessage)
                {
                    Keep(JsonNode.Parse(message.ToArray())!);
                    message.SetLength(0);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The test is over, or the server hung up.
        }
    }

    private void Keep(JsonNode message)
    {
        lock (_messages)
        {
            _messages.Add(message);
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
