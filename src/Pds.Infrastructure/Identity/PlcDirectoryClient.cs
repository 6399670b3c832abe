using System.Net.Http.Headers;
using System.Text.Json;
using Pds.Application.Identity;
using Pds.Application.Settings;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Infrastructure.Http;

namespace Pds.Infrastructure.Identity;

/// <summary>Speaks to the PLC directory that the settings name.</summary>
/// <remarks>Source: <see href="https://web.plc.directory/api/redoc"/></remarks>
internal sealed class PlcDirectoryClient(IdentitySettings options, TrustedHttp http) : IPlcDirectory, IPlcDocumentSource
{
    private const int MaxOperationBytes = 64 * 1024;
    private const int MaxMessageLength = 500;

    private static readonly TimeSpan SubmitTimeout = TimeSpan.FromSeconds(15);

    private readonly string _url = (options.PlcUrl ?? throw new InvalidOperationException("There is no PLC directory in the settings.")).AbsoluteUri.TrimEnd('/');

    /// <inheritdoc/>
    public async Task SubmitAsync(Did did, PlcOperation operation, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(did));
        request.Content = new ByteArrayContent(operation.ToJson());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        FetchResponse response = await SendAsync(request, new(MaxOperationBytes, SubmitTimeout), cancellationToken);
        if (!response.IsSuccess)
        {
            throw Refusal(response);
        }
    }

    /// <inheritdoc/>
    public async Task<PlcOperation?> FindLastAsync(Did did, CancellationToken cancellationToken) =>
        await FindLastOrTombstoneAsync(did, cancellationToken) is { Data: not null } operation ? operation : null;

    /// <inheritdoc/>
    public async Task<bool> IsTombstonedAsync(Did did, CancellationToken cancellationToken) =>
        await FindLastOrTombstoneAsync(did, cancellationToken) is { Data: null };

    /// <inheritdoc/>
    public async Task<DidDocument?> FindDocumentAsync(Did did, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(did));
        request.Headers.TryAddWithoutValidation("Accept", DidJson.Accept);
        return DidJson.Read(did, await SendAsync(request, new(DidJson.MaxBytes, options.Timeout), cancellationToken));
    }

    private async Task<PlcOperation?> FindLastOrTombstoneAsync(Did did, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(did) + "/log/last");
        FetchResponse response = await SendAsync(request, new(MaxOperationBytes, options.Timeout), cancellationToken);
        if (response.IsMissing)
        {
            return null;
        }

        if (!response.IsSuccess)
        {
            throw Refusal(response);
        }

        try
        {
            return PlcOperation.FromJson(response.Body);
        }
        catch (FormatException)
        {
            throw new XrpcException(RequestErrors.UpstreamFailure, "The PLC directory answered with something that is no operation.");
        }
    }

    private async Task<FetchResponse> SendAsync(HttpRequestMessage request, FetchLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, limits, cancellationToken);
        }
        catch (FetchException)
        {
            throw new XrpcException(RequestErrors.UpstreamFailure, "The PLC directory could not be reached.");
        }
    }

    private string Address(Did did) => $"{_url}/{Uri.EscapeDataString(did.ToString())}";

    // The directory's own words say what is wrong with an operation, and its reader is who made it.
    private static XrpcException Refusal(FetchResponse response)
    {
        XrpcError error = (int)response.Status >= 500 ? RequestErrors.UpstreamFailure : RequestErrors.InvalidRequest;
        return new XrpcException(error, MessageOf(response.Body) ?? "Unable to perform PLC operation");
    }

    private static string? MessageOf(byte[] body)
    {
        try
        {
            using JsonDocument json = UnicodeJson.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("message", out JsonElement message)
                && message.ValueKind == JsonValueKind.String && message.GetString() is { Length: > 0 } text
                    ? text.Length > MaxMessageLength ? $"{text[..MaxMessageLength]}…" : text
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
