using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pds.Application.OAuth;
using Pds.Application.Settings;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;
using Pds.Infrastructure.Http;
using Pds.Infrastructure.Identity;

namespace Pds.Infrastructure.OAuth;

/// <summary>Fetches the metadata documents and keys of clients, and keeps what was found to be valid (spec 07 §3.2).</summary>
internal sealed class ClientDocuments(GuardedHttp http, ServerSettings server, CapacitySettings capacity, TimeProvider time, ILogger<ClientDocuments> logger) : IClientMetadataSource
{
    /// <summary>Bytes of documents that are kept, of metadata and of keys.</summary>
    private const long Capacity = 16 * 1024 * 1024;

    /// <summary>What a small document takes.</summary>
    private const long LeastWeight = 8 * 1024;
    private const int MaxShown = 256;
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);
    private static readonly TimeSpan LeastBetweenKeys = TimeSpan.FromMinutes(1);
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    private readonly ClientFetches _fetches = new(http, capacity.MaxConcurrentFetchesPerClientHost);
    private readonly BoundedCache<string, Known<ClientMetadata>> _clients = new(Capacity);
    private readonly BoundedCache<Uri, Known<IReadOnlyList<JsonWebKey>>> _keys = new(Capacity);

    public async ValueTask<ClientMetadata> GetAsync(string clientId, bool allowStale, CancellationToken cancellationToken)
    {
        if (ClientId.IsLoopback(clientId))
        {
            return ClientId.DescribeLoopback(clientId, out string? wrong) ?? throw Refuse(clientId, wrong!);
        }

        DateTimeOffset now = time.GetUtcNow();
        bool isKnown = _clients.TryGet(clientId, out Known<ClientMetadata>? known);
        if (isKnown && now - known!.At < FreshFor)
        {
            return known.Value;
        }

        if (!ClientId.TryParseDocument(clientId, server.DevMode, out Uri? address, out string? fault))
        {
            throw Refuse(clientId, fault);
        }

        try
        {
            (ClientMetadata client, long weight) = await ReadAsync(address, clientId, cancellationToken);
            _clients.Set(clientId, new(client, now), weight);
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

        (IReadOnlyList<JsonWebKey> keys, long weight) = await ReadKeysAsync(address, client.ClientId, cancellationToken);
        _keys.Set(address, new(keys, now), weight);
        return keys;
    }

    private async Task<(ClientMetadata Client, long Weight)> ReadAsync(Uri address, string clientId, CancellationToken cancellationToken)
    {
        try
        {
            byte[] body = await FetchAsync(address, cancellationToken);
            using JsonDocument document = Parse(body);
            return (ClientMetadataReader.Read(document.RootElement, clientId, [.. OAuthUseCases.Algorithms]), LeastWeight + body.Length);
        }
        catch (FetchException fault)
        {
            throw Refuse(clientId, fault.Message, fault);
        }
        catch (XrpcException refusal)
        {
            Log.ClientRefused(logger, Shown(clientId), refusal.Message, cause: null);
            throw;
        }
    }

    private async Task<(IReadOnlyList<JsonWebKey> Keys, long Weight)> ReadKeysAsync(Uri address, string clientId, CancellationToken cancellationToken)
    {
        try
        {
            byte[] body = await FetchAsync(address, cancellationToken);
            using JsonDocument document = Parse(body);
            return (JsonWebKey.ReadSet(document.RootElement) ?? throw new FetchException("The document is not a set of public keys."), LeastWeight + body.Length);
        }
        catch (FetchException fault)
        {
            throw Refuse(clientId, $"jwks_uri: {fault.Message}", fault);
        }
    }

    /// <summary>Redirects are an answer like any other: not the right one.</summary>
    private async Task<byte[]> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        FetchResponse response = await _fetches.GetAsync(address, cancellationToken);
        if (response.Status != HttpStatusCode.OK)
        {
            throw new FetchException((int)response.Status is >= 300 and < 400
                ? $"The host answered with a redirect (status {(int)response.Status}), which is not followed."
                : $"The host answered with status {(int)response.Status} instead of 200.");
        }

        if (!string.Equals(response.MediaType, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw new FetchException($"The document has the media type {Shown(response.MediaType ?? "none")} instead of application/json.");
        }

        return response.Body;
    }

    private static JsonDocument Parse(byte[] body)
    {
        try
        {
            return UnicodeJson.Parse(body, Strict);
        }
        catch (JsonException e)
        {
            throw new FetchException("The document is not well-formed JSON.", e);
        }
    }

    private XrpcException Refuse(string clientId, string reason, FetchException? fault = null)
    {
        Log.ClientRefused(logger, Shown(clientId), reason, fault?.InnerException?.Message);
        return new XrpcException(OAuthErrors.InvalidClientMetadata, $"Unable to obtain client metadata for \"{Shown(clientId)}\": {reason}");
    }

    /// <summary>A stranger's text as logs and answers show it: short and without control characters.</summary>
    private static string Shown(string text) =>
        string.Concat((text.Length > MaxShown ? $"{text[..MaxShown]}…" : text).Select(letter => char.IsControl(letter) ? '?' : letter));

    private sealed record Known<T>(T Value, DateTimeOffset At);
}
