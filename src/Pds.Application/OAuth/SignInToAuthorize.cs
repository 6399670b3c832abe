using System.Net;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Signs in on the page of an authorization request.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="DeviceId">The browser.</param>
/// <param name="Input">What the user wrote.</param>
/// <param name="Address">Where the request comes from: guessing is counted by it.</param>
public sealed record SignInToAuthorizeCommand(string RequestId, string DeviceId, BrowserSignInInput Input, IPAddress? Address)
    : ICommand<AuthorizationStep>, IAnonymousRequest;

internal sealed class SignInToAuthorizeHandler(
    AuthorizationFlow flow, IClientMetadataSource metadata, BrowserSignIn signIn)
    : IRequestHandler<SignInToAuthorizeCommand, AuthorizationStep>
{
    public async Task<AuthorizationStep> Handle(SignInToAuthorizeCommand command, CancellationToken cancellationToken)
    {
        AuthorizationRequest request = await flow.RequireAsync(command.RequestId, command.DeviceId, cancellationToken);
        ClientMetadata client = await metadata.GetAsync(request.ClientId, allowStale: false, cancellationToken);
        BrowserSignInOutcome outcome = await signIn.TryAsync(command.Input, command.DeviceId, request.Parameters.LoginHint, command.Address, cancellationToken);
        if (outcome is BrowserSignInOutcome.SignedIn signedIn)
        {
            try
            {
                return await flow.SignInAsync(request, client, signedIn.Proof, signedIn.Remember, cancellationToken);
            }
            catch (XrpcException refusal) when (refusal.Error == AuthErrors.AuthenticationRequired)
            {
                outcome = new BrowserSignInOutcome.Refused(SignInNeed.None, Pending: null, refusal.Message);
            }
        }

        var refused = (BrowserSignInOutcome.Refused)outcome;
        return await flow.DecideAsync(request, client, AuthorizationWish.SignIn, cancellationToken) is AuthorizationStep.SignIn page
            ? page with { Needs = refused.Needs, Pending = refused.Pending, Fault = refused.Fault }
            : throw new XrpcException(OAuthErrors.InvalidRequest, "This request needs no sign-in.");
    }
}
