using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Activates a deactivated account whose owner has signed in for an authorization request, and goes on with the request.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="DeviceId">The browser.</param>
/// <param name="Account">The account, as the page showed.</param>
public sealed record ReactivateToAuthorizeCommand(string RequestId, string DeviceId, Did? Account) : ICommand<AuthorizationStep>, IAnonymousRequest;

internal sealed class ReactivateToAuthorizeHandler(AuthorizationFlow flow, IClientMetadataSource metadata, AccountActivation activation)
    : IRequestHandler<ReactivateToAuthorizeCommand, AuthorizationStep>
{
    public async Task<AuthorizationStep> Handle(ReactivateToAuthorizeCommand command, CancellationToken cancellationToken)
    {
        AuthorizationRequest request = await flow.RequireAsync(command.RequestId, command.DeviceId, cancellationToken);
        ClientMetadata client = await metadata.GetAsync(request.ClientId, allowStale: false, cancellationToken);
        Did did = AuthorizationFlow.RequireChosen(request, command.Account).Account;
        AuthorizationStep step = await flow.DecideAsync(request, client, AuthorizationWish.Next, cancellationToken);
        if (step is not AuthorizationStep.Reactivate page)
        {
            return step; // it was activated elsewhere in the meantime
        }

        try
        {
            await activation.ActivateAsync(did, audit: null, cancellationToken);
        }
        catch (XrpcException refusal)
        {
            return page with { Fault = refusal.Message };
        }

        return await flow.DecideAsync(request, client, AuthorizationWish.Next, cancellationToken);
    }
}
