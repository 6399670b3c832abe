// ASP.NET Core with nothing in it. What a request or a message costs here is what no server built on it can go below.
using System.Net.WebSockets;

const int MessageBytes = 3000;  // what the commit of a short post takes
const int MessagesPerSecond = 20;

byte[] answer = """{"did":"did:web:localhost","availableUserDomains":[".test"],"inviteCodeRequired":false}"""u8.ToArray();
byte[] message = new byte[MessageBytes];
TaskCompletionSource next = NewSignal();

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://localhost:{builder.Configuration["PDS_PORT"]}");
WebApplication app = builder.Build();
app.UseWebSockets();
app.Run(context => context.WebSockets.IsWebSocketRequest ? StreamAsync(context) : AnswerAsync(context));
await app.StartAsync();

using PeriodicTimer timer = new(TimeSpan.FromSeconds(1.0 / MessagesPerSecond));
using CancellationTokenRegistration stopping = app.Lifetime.ApplicationStopping.Register(timer.Dispose);
while (await timer.WaitForNextTickAsync())
{
    Interlocked.Exchange(ref next, NewSignal()).SetResult();
}

static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

Task AnswerAsync(HttpContext context)
{
    context.Response.ContentType = "application/json; charset=utf-8";
    context.Response.ContentLength = answer.Length;
    return context.Response.Body.WriteAsync(answer, 0, answer.Length);
}

async Task StreamAsync(HttpContext context)
{
    using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
    while (true)
    {
        await Volatile.Read(ref next).Task;
        await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
    }
}
