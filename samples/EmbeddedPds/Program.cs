using EmbeddedPds;
using MediatR;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

builder.Services.AddSingleton(new BlockedWords("casino", "lottery"));
builder.Services.AddTransient<IRequestHandler<CheckWordsQuery, CheckWordsOutput>, CheckWordsHandler>();
builder.Services
    .AddPds(builder.Configuration.GetSection("Pds"))
    .UseSqlite("Data Source=pds.db")
    .UseFileBlobs("blobs")
    .AddBehavior(typeof(RejectBlockedWords<,>));

WebApplication app = builder.Build();

app.MapGet("/", () => Results.Content("<h1>A page of the application</h1><p>The PDS answers under <a href='/xrpc/com.atproto.server.describeServer'>/xrpc</a>.</p>", "text/html"));
app.MapPds();

await app.RunAsync();
