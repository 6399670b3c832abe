using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Goes on with an account that the browser remembers.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="DeviceId">The browser.</param>
/// <param name="Account">The account; <see langword="null"/> to choose anew.</param>
public sealed record ChooseAccountCommand(string RequestId, string DeviceId, Did? Account) : ICommand<AuthorizationStep>, IAnonymousRequest;

internal sealed class ChooseAccountHandler(AuthorizationFlow flow, IAuthorizationRequestStore requests, IClientMetadataSource metadata)
    : IRequestHandler<ChooseAccountCommand, AuthorizationStep>
{
    public async Task<AuthorizationStep> Handle(ChooseAccountCommand command, CancellationToken cancellationToken)
    {
        AuthorizationRequest request = await flow.RequireAsync(command.RequestId, command.DeviceId, cancellationToken);
        ClientMetadata client = await metadata.GetAsync(request.ClientId, allowStale: false, cancellationToken);
        SignInProof? proof = command.Account is { } did && request.Parameters.Prompt != "login" ? await flow.FindSignInAsync(request, did, cancellationToken) : null;
        if (command.Account is not null && proof is null)
        {
            return await flow.DecideAsync(request, client, AuthorizationWish.SignIn, cancellationToken);
        }

        AuthorizationRequest? chosen = await requests.UpdateAsync(request.Id, current => current with { SignIn = proof }, cancellationToken);
        return await flow.DecideAsync(chosen ?? throw new XrpcException(OAuthErrors.InvalidRequest, "This request is over."), client, AuthorizationWish.Next, cancellationToken);
    }
}
