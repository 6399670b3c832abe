using Microsoft.AspNetCore.Http.Features;

namespace Pds.Api.Sync;

/// <summary>Puts a <see cref="HeldStream"/> under the WebSocket that a request becomes. Over HTTP/2, where there is no upgrade, messages go out one by one.</summary>
/// <param name="inner">The server's.</param>
internal sealed class HeldUpgrade(IHttpUpgradeFeature inner) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    /// <summary>The connection, once the request was upgraded.</summary>
    public HeldStream? Stream { get; private set; }

    /// <summary>Takes the place of the server's feature, ahead of what accepts WebSockets.</summary>
    public static Task InstallAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
        {
            context.Features.Set<IHttpUpgradeFeature>(new HeldUpgrade(upgrade));
        }

        return next(context);
    }

    public async Task<Stream> UpgradeAsync() => Stream = new HeldStream(await inner.UpgradeAsync());
}
