using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Pds.Infrastructure.Http;

/// <summary>Sends requests whose answers are small documents, within limits of time and size.</summary>
internal static class BoundedFetch
{
    /// <summary>The settings that every outgoing connection shares: no redirects, cookies, proxies or decompression.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = 32,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>A client without a time limit of its own: every request brings one.</summary>
    public static HttpClient CreateClient(HttpMessageHandler handler)
    {
        var client = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("pds");
        return client;
    }

    /// <summary>Sends one request and reads the answer to its end.</summary>
    /// <param name="client">Made by <see cref="CreateClient"/>.</param>
    /// <param name="request">The request; disposed by the caller.</param>
    /// <param name="maxBytes">Longest body in bytes.</param>
    /// <param name="cancellationToken">Gives up; carries the caller's time limit.</param>
    /// <returns>The answer and the target of a redirect, if it is one.</returns>
    /// <exception cref="FetchException">No usable answer.</exception>
    public static async Task<(FetchResponse Response, Uri? Location)> SendAsync(
        HttpClient client, HttpRequestMessage request, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            byte[] body = await ReadAsync(response.Content, maxBytes, cancellationToken);
            return (new(response.StatusCode, response.Content.Headers.ContentType?.MediaType, body), response.Headers.Location);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw e.InnerException as FetchException ?? new FetchException(Describe(e), e);
        }
    }

    /// <summary>Says what went wrong, without the address that was tried.</summary>
    private static string Describe(Exception fault) => fault switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "The name of the host could not be resolved.",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "No secure connection to the host could be made: TLS failed.",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } or SocketException => "The host could not be reached.",
        _ => "The host did not answer, or broke off.",
    };

    /// <summary>Runs a request under a time limit; running out of it is a <see cref="FetchException"/>, the caller giving up is not.</summary>
    public static async Task<T> WithinAsync<T>(
        TimeSpan timeout, TimeProvider time, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await send(both.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FetchException("The host took too long to answer.", e);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
        {
            throw new FetchException($"The answer is longer than {maxBytes} bytes.");
        }

        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        var body = new ArrayBufferWriter<byte>(1024);
        while (true)
        {
            Memory<byte> free = body.GetMemory(1024);
            int read = await stream.ReadAsync(free, cancellationToken);
            if (read == 0)
            {
                return body.WrittenSpan.ToArray();
            }

            if (body.WrittenCount + read > maxBytes)
            {
                throw new FetchException($"The answer is longer than {maxBytes} bytes.");
            }

            body.Advance(read);
        }
    }
}
