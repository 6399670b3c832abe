using Pds.Application.Identity;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.Proxying;

namespace Pds.Application.Proxying;

/// <summary>Where calls go that this server does not answer itself.</summary>
/// <param name="dids">Finds the services that clients name.</param>
/// <param name="proxying">Names the AppView, which need not be looked for.</param>
/// <param name="moderation">Names the services that moderate and get reports.</param>
public sealed class ServiceRoutes(IDidResolver dids, ProxyingSettings proxying, ModerationSettings moderation)
{
    /// <summary>Id of an AppView in DID documents.</summary>
    public const string AppViewId = "bsky_appview";

    private const string LabelerId = "atproto_labeler";

    /// <summary>The AppView of the settings; <see langword="null"/> when there is none.</summary>
    public ServiceRoute? AppView => Configured(proxying.AppViewDid, AppViewId, proxying.AppViewUrl);

    /// <summary>The way of a call, as far as can be told without asking anybody.</summary>
    /// <param name="method">The method.</param>
    /// <param name="header">The <c>atproto-proxy</c> header of the client; <see langword="null"/> or empty for none.</param>
    /// <param name="kind">Who serves the method where the header names nobody; <see langword="null"/> for what its name says.</param>
    /// <exception cref="XrpcException">InvalidRequest: the header names no service, or there is none by default.</exception>
    public ServiceRoute Find(Nsid method, string? header, ServiceKind? kind = null)
    {
        if (string.IsNullOrEmpty(header))
        {
            return Default(kind ?? DefaultServices.Of(method)) ?? throw NotConfigured(method.ToString());
        }

        if (!ServiceReference.TryParse(header, out ServiceReference? named, out string? fault))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, fault);
        }

        return AppView is { } appView && appView.Reference == named ? appView : new ServiceRoute(named, Endpoint: null);
    }

    /// <summary>The refusal of a method that nobody serves.</summary>
    public static XrpcException NotConfigured(string method) => new(RequestErrors.InvalidRequest, $"No service configured for {method}");

    /// <summary>The base address of a route.</summary>
    /// <exception cref="XrpcException">InvalidRequest: the DID or its service cannot be found.</exception>
    public async ValueTask<Uri> LocateAsync(ServiceRoute route, CancellationToken cancellationToken)
    {
        if (route.Endpoint is { } known)
        {
            return known;
        }

        DidDocument? document;
        try
        {
            document = await dids.ResolveAsync(route.Reference.Did, refresh: false, cancellationToken);
        }
        catch (XrpcException)
        {
            document = null;
        }

        if (document is null)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "could not resolve proxy did");
        }

        return document.FindService(route.Reference.Id) is { } endpoint
            ? new Uri(endpoint)
            : throw new XrpcException(RequestErrors.InvalidRequest, "could not resolve proxy did service url");
    }

    private static ServiceRoute? Configured(string? did, string id, Uri? endpoint) =>
        did is not null && endpoint is not null ? new ServiceRoute(new ServiceReference(Did.Parse(did), id), endpoint) : null;

    private ServiceRoute? Default(ServiceKind kind) => kind switch
    {
        ServiceKind.Moderation => Moderation,
        ServiceKind.Reports => Configured(moderation.ReportServiceDid, LabelerId, moderation.ReportServiceUrl) ?? Moderation,
        _ => AppView,
    };

    private ServiceRoute? Moderation => Configured(moderation.ServiceDid, LabelerId, moderation.ServiceUrl);
}

/// <summary>A service to call.</summary>
/// <param name="Reference">Which.</param>
/// <param name="Endpoint">Its base address, where the settings tell it; otherwise the DID document does.</param>
public sealed record ServiceRoute(ServiceReference Reference, Uri? Endpoint);
