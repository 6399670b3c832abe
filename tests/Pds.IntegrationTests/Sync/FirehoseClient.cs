using System.Net.WebSockets;
using Pds.Domain.DataModel;

namespace Pds.IntegrationTests.Sync;

/// <summary>A subscriber that keeps what it receives.</summary>
internal sealed class FirehoseClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private readonly List<FirehoseFrame> _frames = [];
    private readonly SemaphoreSlim _resumed = new(1, 1);
    private readonly CancellationTokenSource _over = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public ClientWebSocket Socket => _socket;

    public IReadOnlyList<FirehoseFrame> Frames
    {
        get
        {
            lock (_frames)
            {
                return [.. _frames];
            }
        }
    }

    public IEnumerable<FirehoseFrame> Events => Frames.Where(frame => frame.Seq is not null);

    public static async Task<FirehoseClient> OpenAsync(Uri server, string query)
    {
        var client = new FirehoseClient();
        client._socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        var uri = new UriBuilder(server) { Scheme = "ws", Path = "/xrpc/com.atproto.sync.subscribeRepos", Query = query };
        await client._socket.ConnectAsync(uri.Uri, CancellationToken.None);
        client._reading = Task.Run(client.ReadAsync);
        return client;
    }

    /// <summary>Stops taking data off the socket after the frame that is being read.</summary>
    public async Task PauseAsync() => Assert.That(await _resumed.WaitAsync(Patience), Is.True, "No frame ends.");

    public void Resume() => _resumed.Release();

    public async Task<FirehoseFrame> WaitForAsync(Func<FirehoseFrame, bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task more;
            lock (_frames)
            {
                if (_frames.FirstOrDefault(condition) is { } found)
                {
                    return found;
                }

                more = _more.Task;
            }

            await more.WaitAsync(patience.Token);
        }
    }

    public async Task<IReadOnlyList<FirehoseFrame>> WaitForCommitsAsync(string did, int count)
    {
        await WaitForAsync(_ => Commits(did).Count() >= count);
        return [.. Commits(did)];
    }

    public IEnumerable<FirehoseFrame> Commits(string did) => Frames.Where(frame => frame.Type == "#commit" && (string?)frame.Body["repo"] == did);

    public Task WaitForCloseAsync() => _reading.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _reading;
        _socket.Dispose();
        _resumed.Dispose();
        _over.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[256 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                await _resumed.WaitAsync(_over.Token);
                _resumed.Release();
                WebSocketReceiveResult received = await _socket.ReceiveAsync(buffer, _over.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _over.Token);
                    return;
                }

                message.Write(buffer, 0, received.Count);
                if (received.EndOfMessage)
                {
                    Keep(FirehoseFrame.Decode(message.ToArray(), received.MessageType));
                    message.SetLength(0);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The test is over, or the server hung up.
        }
    }

    private void Keep(FirehoseFrame frame)
    {
        lock (_frames)
        {
            _frames.Add(frame);
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

/// <summary>One message, decoded.</summary>
internal sealed record FirehoseFrame(byte[] Bytes, WebSocketMessageType MessageType, Dictionary<string, object?> Header, Dictionary<string, object?> Body)
{
    public string? Type => Header.GetValueOrDefault("t") as string;

    public bool IsError => Equals(Header.GetValueOrDefault("op"), -1L);

    public long? Seq => Body.GetValueOrDefault("seq") as long?;

    public static FirehoseFrame Decode(byte[] bytes, WebSocketMessageType type)
    {
        var reader = new DagCborReader(bytes);
        var header = (Dictionary<string, object?>)Read(ref reader)!;
        var body = (Dictionary<string, object?>)Read(ref reader)!;
        reader.ReadEnd();
        return new FirehoseFrame(bytes, type, header, body);
    }

    private static object? Read(ref DagCborReader reader)
    {
        switch (reader.Peek())
        {
            case DagCborKind.Integer:
                return reader.ReadInteger();
            case DagCborKind.Bytes:
                return reader.ReadBytes().ToArray();
            case DagCborKind.Text:
                return reader.ReadText();
            case DagCborKind.Cid:
                return reader.ReadCid();
            case DagCborKind.Boolean:
                return reader.ReadBoolean();
            case DagCborKind.Array:
                var list = new List<object?>();
                for (int left = reader.ReadArrayHeader(); left > 0; left--)
                {
                    list.Add(Read(ref reader));
                }

                return list;
            case DagCborKind.Map:
                var map = new Dictionary<string, object?>(StringComparer.Ordinal);
                byte[] previous = [];
                for (int left = reader.ReadMapHeader(); left > 0; left--)
                {
                    previous = reader.ReadKey(previous).ToArray();
                    map.Add(System.Text.Encoding.UTF8.GetString(previous), Read(ref reader));
                }

                return map;
            default:
                Assert.That(reader.TryReadNull(), Is.True);
                return null;
        }
    }
}
