using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MediatR;
using Pds.Api.Xrpc;
using Pds.Application.DependencyInjection;
using Pds.Application.Pipeline;
using Pds.Domain.Identity;
using Pds.Server.Hosting;

namespace Pds.Server.Cli;

/// <summary>Calls the methods of the server that runs on the data directory, with the admin password of the settings.</summary>
internal sealed class HttpAccess : OperatorAccess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Answers leave out what is not there, and their DID documents are of no interest here.</summary>
    private static readonly JsonSerializerOptions Answers = CreateOptions();

    private readonly HttpClient _http;

    private readonly AuthenticationHeaderValue _password;

    private HttpAccess(HttpClient http, PdsOptions options)
    {
        _http = http;
        _password = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{options.Secrets.AdminPassword}")));
    }

    /// <summary>Makes sure that it is our server that listens, before anything secret is sent.</summary>
    /// <exception cref="CliRefusal">It does not answer, or is another one.</exception>
    public static async Task<HttpAccess> OpenAsync(PdsOptions options, CancellationToken cancellationToken)
    {
        // Straight to this machine: a proxy of the environment would read the password.
        HttpClient http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{options.Server.Port}"), Timeout = Patience };
        string challenge = ServerProof.NewChallenge();
        try
        {
            using HttpRequestMessage question = new(HttpMethod.Get, ServerProof.Path + challenge);
            using HttpResponseMessage answer = await http.SendAsync(question, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            answer.EnsureSuccessStatusCode();
            await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            byte[] proof = new byte[ServerProof.AnswerLength];
            await body.ReadExactlyAsync(proof, cancellationToken);
            if (ServerProof.IsGood(options, challenge, Encoding.ASCII.GetString(proof)))
            {
                return new HttpAccess(http, options);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // answered by something else, or by nobody
        }

        http.Dispose();
        throw new CliRefusal(
            "ServerUnreachable",
            $"A server runs on the data directory, but nothing on port {options.Server.Port} proved to be {options.Server.ServiceIdentity}; the admin password was not sent. Run the command with the server's PDS_* variables, or stop the server first.",
            ExitCodes.Unavailable);
    }

    public override async Task<TOutput> GetAsync<TOutput>(
        string method, IReadOnlyList<(string Name, string? Value)> parameters, IRequest<TOutput> message, CancellationToken cancellationToken)
    {
        IEnumerable<string> query = parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}");
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"/xrpc/{method}?{string.Join('&', query)}", UriKind.Relative));
        request.Headers.Authorization = PasswordFor(message);
        return await SendAsync<TOutput>(request, cancellationToken);
    }

    public override async Task<TOutput> PostAsync<TOutput>(string method, object input, IRequest<TOutput> message, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri($"/xrpc/{method}", UriKind.Relative))
        {
            Content = JsonContent.Create(input, input.GetType(), options: XrpcJson.Options),
        };
        request.Headers.Authorization = PasswordFor(message);
        return await SendAsync<TOutput>(request, cancellationToken);
    }

    public override ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The password where the operator is asked for; methods that anybody may call refuse it.</summary>
    private AuthenticationHeaderValue? PasswordFor(IBaseRequest message) => message is IAuthorizedRequest { Required.OperatorOnly: true } ? _password : null;

    private async Task<TOutput> SendAsync<TOutput>(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body;
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
            body = await response.Content.ReadAsStringAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw Refusal(body);
            }
        }
        catch (HttpRequestException)
        {
            throw new CliRefusal("ServerUnreachable", "The server does not answer.", ExitCodes.Unavailable);
        }

        try
        {
            return typeof(TOutput) == typeof(Unit) ? default! : JsonSerializer.Deserialize<TOutput>(body, Answers)!;
        }
        catch (JsonException)
        {
            throw new CliRefusal("UnexpectedAnswer", "What answers is not this server.", ExitCodes.Unavailable);
        }
    }

    private static CliRefusal Refusal(string body)
    {
        try
        {
            JsonNode? answer = JsonNode.Parse(body);
            return new CliRefusal((string?)answer?["error"] ?? "Refused", (string?)answer?["message"] ?? "The server refused.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new CliRefusal("UnexpectedAnswer", "What answers is not this server.", ExitCodes.Unavailable);
        }
    }

    private static JsonSerializerOptions CreateOptions()
    {
        JsonSerializerOptions options = new(XrpcJson.Options) { RespectRequiredConstructorParameters = false, RespectNullableAnnotations = false };
        options.Converters.Insert(0, new SkippedDocument());
        return options;
    }

    private sealed class SkippedDocument : JsonConverter<DidDocument?>
    {
        public override DidDocument? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            reader.Skip();
            return null;
        }

        public override void Write(Utf8JsonWriter writer, DidDocument? value, JsonSerializerOptions options) => writer.WriteNullValue();
    }
}
