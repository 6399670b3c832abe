using System.Net;
using System.Net.Sockets;
using Pds.Application.Settings;

namespace Pds.Infrastructure.Http;

/// <summary>Finds the addresses of a host name.</summary>
internal delegate Task<IPAddress[]> HostLookup(string host, CancellationToken cancellationToken);

/// <summary>The only way to fetch from hosts that users or other servers name.</summary>
/// <remarks>
/// A connection is made to the very addresses that were judged, so a name that changes its address between check and connect gains nothing.
/// A host is refused when any of its addresses is not public. <see cref="ServerSettings.DisableSsrfProtection"/>
/// switches the judgement off and allows http; limits of time and size always hold.
/// </remarks>
internal sealed class GuardedHttp : IDisposable
{
    /// <summary>How many redirects <see cref="GetFollowingAsync"/> goes along with.</summary>
    public const int MaxRedirects = 5;

    private const string NotResolved = "The name of the host could not be resolved.";

    private static readonly TimeSpan AddressTimeout = TimeSpan.FromSeconds(2);

    private readonly bool _guarded;
    private readonly HostLookup _lookup;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public GuardedHttp(ServerSettings options, HostLookup lookup, TimeProvider time)
        : this(options, lookup, time, transport: null)
    {
    }

    private GuardedHttp(ServerSettings options, HostLookup lookup, TimeProvider time, HttpMessageHandler? transport)
    {
        _guarded = !options.DisableSsrfProtection;
        _lookup = lookup;
        _time = time;
        if (transport is null)
        {
            SocketsHttpHandler sockets = BoundedFetch.CreateHandler();
            sockets.ConnectCallback = ConnectAsync;
            transport = sockets;
        }

        _client = BoundedFetch.CreateClient(transport);
    }

    /// <summary>A client over another transport, which answers for where it connects to; addresses are still judged by their text.</summary>
    internal static GuardedHttp Over(HttpMessageHandler transport, ServerSettings options, TimeProvider time) =>
        new(options, (_, _) => Task.FromResult(Array.Empty<IPAddress>()), time, transport);

    /// <summary>Fetches a document. Redirects come back as what they are.</summary>
    /// <param name="uri">Absolute; https on the default port, without user info, while the guard is on.</param>
    /// <param name="accept">Header <c>Accept</c>, or <see langword="null"/> for none.</param>
    /// <param name="limits">Size and time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FetchException">Refused, unreachable, too slow or too big.</exception>
    public Task<FetchResponse> GetAsync(Uri uri, string? accept, FetchLimits limits, CancellationToken cancellationToken) =>
        GetAsync(uri, accept, limits, maxRedirects: 0, cancellationToken);

    /// <summary>Fetches a document and follows up to <see cref="MaxRedirects"/> redirects, each judged like the first address.</summary>
    /// <inheritdoc cref="GetAsync(Uri, string?, FetchLimits, CancellationToken)"/>
    public Task<FetchResponse> GetFollowingAsync(Uri uri, string? accept, FetchLimits limits, CancellationToken cancellationToken) =>
        GetAsync(uri, accept, limits, MaxRedirects, cancellationToken);

    /// <summary>Sends a request and hands over the answer as soon as its headers are there. The caller bounds time and size.</summary>
    /// <param name="request">Its address is judged like that of <see cref="GetAsync(Uri, string?, FetchLimits, CancellationToken)"/>, but any port will do.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FetchException">The address is refused.</exception>
    /// <exception cref="HttpRequestException">The host could not be reached, or must not be.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Judge(request.RequestUri, anyPort: true);
        return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private Task<FetchResponse> GetAsync(Uri uri, string? accept, FetchLimits limits, int maxRedirects, CancellationToken cancellationToken) =>
        BoundedFetch.WithinAsync(limits.Timeout, _time, token => FollowAsync(uri, accept, limits.MaxBytes, maxRedirects, token), cancellationToken);

    private async Task<FetchResponse> FollowAsync(Uri uri, string? accept, int maxBytes, int maxRedirects, CancellationToken cancellationToken)
    {
        for (int hop = 0; ; hop++)
        {
            Judge(uri, anyPort: false);
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            if (accept is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept", accept);
            }

            (FetchResponse response, Uri? location) = await BoundedFetch.SendAsync(_client, request, maxBytes, cancellationToken);
            if (maxRedirects == 0 || location is null || (int)response.Status is not (301 or 302 or 303 or 307 or 308))
            {
                return response;
            }

            if (hop == maxRedirects || !Uri.TryCreate(uri, location, out Uri? target))
            {
                throw new FetchException("The host redirects too often, or to nowhere.");
            }

            uri = target;
        }
    }

    private void Judge(Uri? uri, bool anyPort)
    {
        bool acceptable = uri is { IsAbsoluteUri: true, UserInfo: "" }
            && (_guarded ? uri.Scheme == Uri.UriSchemeHttps && (anyPort || uri.IsDefaultPort) : uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
        if (!acceptable)
        {
            throw new FetchException("The address is not one that this server fetches from.");
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint target = context.DnsEndPoint;
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out IPAddress? literal) ? [literal] : await LookUpAsync(target.Host, cancellationToken);
        if (_guarded && !Array.TrueForAll(addresses, PublicAddress.IsPublicUnicast))
        {
            throw new FetchException("The host has an address that is not public.");
        }

        Exception? last = null;
        for (int i = 0; i < addresses.Length; i++)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(addresses[i], target.Port), isLast: i == addresses.Length - 1, cancellationToken);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                last = e;
            }
        }

        throw new FetchException(addresses.Length == 0 ? NotResolved : "The host could not be reached.", last);
    }

    private async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await _lookup(host, cancellationToken);
        }
        catch (SocketException e)
        {
            throw new FetchException(NotResolved, e);
        }
    }

    // An address that does not answer must not use up the time of those after it.
    private async Task<Stream> ConnectAsync(IPEndPoint address, bool isLast, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(isLast ? Timeout.InfiniteTimeSpan : AddressTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, both.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
