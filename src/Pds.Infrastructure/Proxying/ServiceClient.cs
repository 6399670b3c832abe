using System.Net;
using System.Runtime.ExceptionServices;
using Pds.Application.Capacity;
using Pds.Application.Proxying;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Infrastructure.Http;

namespace Pds.Infrastructure.Proxying;

/// <summary>Calls other people's services over guarded connections, within limits of time and size.</summary>
internal sealed class ServiceClient(GuardedHttp http, ProxyingSettings settings, CapacitySettings capacity, TimeProvider time) : IServiceClient
{
    /// <summary>What clients get to see of an answer, where it is printable ASCII as HTTP wants it. Cookies, CORS and the rest are between the service and us.</summary>
    private static readonly string[] PassedOn =
    [
        "atproto-content-labelers", "atproto-repo-rev", "content-encoding", "content-language", "content-length", "content-type", "retry-after",
    ];

    public async Task<ServiceAnswer> SendAsync(ServiceCall call, CancellationToken cancellationToken)
    {
        bool mayRepeat = call.Body is null && (call.Verb == HttpMethod.Get || call.Verb == HttpMethod.Head);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await TrySendAsync(call, cancellationToken);
            }
            catch (HttpRequestException e) when (mayRepeat && attempt < settings.MaxRetries && e.InnerException is not FetchException)
            {
                // The connection broke before there was an answer.
            }
            catch (Exception e) when (e is HttpRequestException or FetchException or IOException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw Unreachable();
            }
        }
    }

    internal static XrpcException Unreachable() => new(RequestErrors.UpstreamFailure, "Upstream service unreachable");

    private async Task<ServiceAnswer> TrySendAsync(ServiceCall call, CancellationToken cancellationToken)
    {
        var deadline = new Deadline(time, cancellationToken);
        CallContent? content = call.Body is { } body ? new CallContent(body, () => deadline.Restart(settings.HeadersTimeout)) : null;
        try
        {
            using HttpRequestMessage request = Prepare(call, content);
            deadline.Restart(settings.HeadersTimeout);
            HttpResponseMessage response = await http.SendAsync(request, deadline.Token);
            return await OpenAsync(response, deadline);
        }
        catch
        {
            deadline.Dispose();
            if (content?.SourceFault is { } fault)
            {
                ExceptionDispatchInfo.Throw(fault);    // the client's fault, not the service's
            }

            throw;
        }
    }

    private HttpRequestMessage Prepare(ServiceCall call, CallContent? content)
    {
        var request = new HttpRequestMessage(call.Verb, call.Address) { Content = content };
        if (settings.AllowHttp2)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }

        foreach ((string name, string value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (call.Token is not null)
        {
            request.Headers.TryAddWithoutValidation("authorization", $"Bearer {call.Token}");
        }

        return request;
    }

    private async Task<ServiceAnswer> OpenAsync(HttpResponseMessage response, Deadline deadline)
    {
        try
        {
            if (response.Content.Headers.ContentLength > settings.MaxResponseSize)
            {
                throw Unreachable();
            }

            var headers = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (string name in PassedOn)
            {
                if (response.Headers.NonValidated.TryGetValues(name, out var values) || response.Content.Headers.NonValidated.TryGetValues(name, out values))
                {
                    headers[name] = string.Join(", ", values) is var text && text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? throw Unreachable() : text;
                }
            }

            Stream stream = await response.Content.ReadAsStreamAsync(deadline.Token);
            return new ServiceAnswer((int)response.StatusCode, headers, new UpstreamBody(stream, response, deadline, settings, capacity.MinBodyRate, time));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
