using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Application.OAuth;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;
using Pds.Infrastructure.Http;
using Pds.Infrastructure.Identity;

namespace Pds.Infrastructure.OAuth;

/// <summary>Fetches the metadata documents and keys of clients, and keeps what was found to be valid (spec 07 §3.2).</summary>
internal sealed class ClientDocuments(GuardedHttp http, IOptions<PdsOptions> options, TimeProvider time) : IClientMetadataSource
{
    private const int MaxBytes = 512 * 1024;
    private const long Capacity = 2000;
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);
    private static readonly TimeSpan LeastBetweenKeys = TimeSpan.FromMinutes(1);
    private static readonly FetchLimits Limits = new(MaxBytes, TimeSpan.FromSeconds(10));
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    private readonly BoundedCache<string, Known<ClientMetadata>> _clients = new(Capacity);
    private readonly BoundedCache<Uri, Known<IReadOnlyList<JsonWebKey>>> _keys = new(Capacity);

    public async ValueTask<ClientMetadata> GetAsync(string clientId, bool allowStale, CancellationToken cancellationToken)
    {
        if (ClientId.IsLoopback(clientId))
        {
            return ClientId.DescribeLoopback(clientId) ?? throw Unknown(clientId);
        }

        DateTimeOffset now = time.GetUtcNow();
        bool isKnown = _clients.TryGet(clientId, out Known<ClientMetadata>? known);
        if (isKnown && now - known!.At < FreshFor)
        {
            return known.Value;
        }

        if (!ClientId.TryParseDocument(clientId, options.Value.DevMode, out Uri? address))
        {
            throw Unknown(clientId);
        }

        try
        {
            using JsonDocument document = await FetchAsync(address, cancellationToken) ?? throw Unknown(clientId);
            ClientMetadata client = ClientMetadataReader.Read(document.RootElement, clientId, [.. OAuthUseCases.Algorithms]);
            _clients.Set(clientId, new(client, now), weight: 1);
            return client;
        }
        catch (XrpcException) when (allowStale && isKnown && !known!.Value.IsConfidential && now - known.At < KeptFor)
        {
            return known.Value;
        }
    }

    public async ValueTask<IReadOnlyList<JsonWebKey>> GetKeysAsync(ClientMetadata client, bool refresh, CancellationToken cancellationToken)
    {
        if (client.JwksUri is not { } address)
        {
            return client.Keys;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (_keys.TryGet(address, out Known<IReadOnlyList<JsonWebKey>>? known) && now - known.At < (refresh ? LeastBetweenKeys : FreshFor))
        {
            return known.Value;
        }

        using JsonDocument document = await FetchAsync(address, cancellationToken) ?? throw NoKeys();
        IReadOnlyList<JsonWebKey> keys = JsonWebKey.ReadSet(document.RootElement) ?? throw NoKeys();
        _keys.Set(address, new(keys, now), weight: 1);
        return keys;
    }

    private static XrpcException Unknown(string clientId) => new(OAuthErrors.InvalidClientMetadata, $"Unable to obtain client metadata for \"{clientId}\"");

    private static XrpcException NoKeys() => new(OAuthErrors.InvalidClientMetadata, "Unable to obtain the keys of the client");

    /// <summary>Redirects are an answer like any other: not the right one.</summary>
    private async Task<JsonDocument?> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            FetchResponse response = await http.GetAsync(address, "application/json", Limits, cancellationToken);
            return response is { Status: HttpStatusCode.OK, MediaType: "application/json" } ? UnicodeJson.Parse(response.Body, Strict) : null;
        }
        catch (Exception exception) when (exception is FetchException or JsonException)
        {
            return null;
        }
    }

    private sealed record Known<T>(T Value, DateTimeOffset At);
}
