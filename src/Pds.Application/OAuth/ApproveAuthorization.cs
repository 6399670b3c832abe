using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Says yes or no to a client.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="DeviceId">The browser.</param>
/// <param name="Account">Who says it, as the page showed; <see langword="null"/> for a no before signing in.</param>
/// <param name="IsGranted">Yes or no.</param>
/// <param name="Without">Scope tokens that the user does not grant; <c>atproto</c> cannot be among them.</param>
public sealed record ApproveAuthorizationCommand(string RequestId, string DeviceId, Did? Account, bool IsGranted, IReadOnlyList<string> Without)
    : ICommand<AuthorizationStep>, IAnonymousRequest;

internal sealed class ApproveAuthorizationHandler(AuthorizationFlow flow, IClientMetadataSource metadata, AuthorizationAnswers answers)
    : IRequestHandler<ApproveAuthorizationCommand, AuthorizationStep>
{
    public async Task<AuthorizationStep> Handle(ApproveAuthorizationCommand command, CancellationToken cancellationToken)
    {
        AuthorizationRequest request = await flow.RequireAsync(command.RequestId, command.DeviceId, cancellationToken);
        if (!command.IsGranted)
        {
            return new AuthorizationStep.Finished(await answers.RefuseAsync(request, OAuthErrors.AccessDenied, "The user rejected the request", cancellationToken));
        }

        ClientMetadata client = await metadata.GetAsync(request.ClientId, allowStale: false, cancellationToken);
        SignInProof proof = AuthorizationFlow.RequireChosen(request, command.Account);

        // Decided anew: the account may have been deactivated since the page was shown, or consent given elsewhere.
        AuthorizationStep step = await flow.DecideAsync(request, client, AuthorizationWish.Next, cancellationToken);
        if (step is not AuthorizationStep.Consent consent)
        {
            return step;
        }

        IEnumerable<string> granted = consent.Scopes.Tokens.Select(token => token.Text).Where(token => token == StaticScope.Atproto || !command.Without.Contains(token));
        return new AuthorizationStep.Finished(await answers.ApproveAsync(request, client, proof, string.Join(' ', granted), cancellationToken));
    }
}
