using MediatR;
using Pds.Application.Identity;
using Pds.Application.Lexicons;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.OAuth;
using Pds.Domain.Proxying;

namespace Pds.Application.Proxying;

/// <summary>
/// Tells a notification service where the caller's device is, or that it is gone. Lexicons: <c>app.bsky.notification.registerPush</c> and
/// <c>app.bsky.notification.unregisterPush</c>.
/// </summary>
/// <param name="Caller">Whose device.</param>
/// <param name="Method">Which of the two.</param>
/// <param name="Input">The input, which the service gets as it is.</param>
public sealed record RegisterPushCommand(Caller Caller, Nsid Method, DataMap Input) : ICommand<ServiceAnswer>, IAuthorizedRequest
{
    /// <summary>Id of a notification service in DID documents.</summary>
    public const string NotificationId = "bsky_notif";

    /// <inheritdoc/>
    public Permission Required => Permission.Standard with
    {
        AllowQueuedSession = true,
        Scoped = [new ScopeDemand.Call(Method, Service)],
    };

    private string Service => $"{Input.GetText("serviceDid")}#{NotificationId}";
}

internal sealed class RegisterPushHandler(IDidResolver dids, SignedCalls calls, ForwardedInputs inputs, ProxyingSettings options) : IRequestHandler<RegisterPushCommand, ServiceAnswer>
{
    private const string ServiceType = "BskyNotificationService";

    public async Task<ServiceAnswer> Handle(RegisterPushCommand request, CancellationToken cancellationToken)
    {
        inputs.RequireInput(request.Method, request.Input);
        var service = Did.Parse(request.Input.GetText("serviceDid")!);
        var call = new ServiceCall(HttpMethod.Post, SignedCalls.AddressOf(await LocateAsync(service, cancellationToken), request.Method, query: ""))
        {
            Headers = [new("accept-encoding", "identity")],
            Body = ServiceCallBody.Of(request.Input),
        };
        Did issuer = request.Caller.Account!.Value;
        string audience = calls.AudienceOf(new ServiceReference(service, RegisterPushCommand.NotificationId));
        return await UpstreamRefusals.TranslateAsync(await calls.SendAsync(call, issuer, audience, request.Method, cancellationToken), cancellationToken);
    }

    private async ValueTask<Uri> LocateAsync(Did service, CancellationToken cancellationToken)
    {
        if (options.AppViewUrl is { } appView && options.AppViewDid == service.ToString())
        {
            return appView;
        }

        DidDocument? document;
        try
        {
            document = await dids.ResolveAsync(service, refresh: false, cancellationToken);
        }
        catch (XrpcException refusal)
        {
            string fault = refusal.Error == RequestErrors.UpstreamFailure ? "could not resolve" : "invalid";
            throw new XrpcException(RequestErrors.InvalidRequest, $"{fault} did document: {service}");
        }

        if (document is null)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"could not resolve did document: {service}");
        }

        return document.FindService(RegisterPushCommand.NotificationId, ServiceType) is { } endpoint
            ? new Uri(endpoint)
            : throw new XrpcException(RequestErrors.InvalidRequest, $"invalid notification service details in did document: {service}");
    }
}
