using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Takes up a pushed request in a browser (spec 07 §5).</summary>
/// <param name="ClientId">The client that the browser names.</param>
/// <param name="RequestUri">The request, by the name that the push gave it.</param>
/// <param name="DeviceId">The browser.</param>
/// <param name="Wish">Which page the user wants to see.</param>
public sealed record OpenAuthorizationCommand(string ClientId, string RequestUri, string DeviceId, AuthorizationWish Wish = AuthorizationWish.Next) : ICommand<AuthorizationStep>, IAnonymousRequest;

/// <summary>Which page of a request the user wants to see.</summary>
public enum AuthorizationWish
{
    /// <summary>Whatever comes next.</summary>
    Next,

    /// <summary>The page to sign in, though there are accounts to choose.</summary>
    SignIn,

    /// <summary>The page to make an account.</summary>
    SignUp,
}

internal sealed class OpenAuthorizationHandler(
    AuthorizationFlow flow, IAuthorizationRequestStore requests, IClientMetadataSource metadata, AuthorizationAnswers answers, TimeProvider time)
    : IRequestHandler<OpenAuthorizationCommand, AuthorizationStep>
{
    public async Task<AuthorizationStep> Handle(OpenAuthorizationCommand command, CancellationToken cancellationToken)
    {
        if (!command.RequestUri.StartsWith(OAuthSecrets.RequestUriPrefix, StringComparison.Ordinal)
            || await requests.FindAsync(Uri.UnescapeDataString(command.RequestUri[OAuthSecrets.RequestUriPrefix.Length..]), cancellationToken) is not { } pushed)
        {
            throw new XrpcException(OAuthErrors.InvalidRequest, "This request is not known, or is over. Go back to the application and start again.");
        }

        if (WhyNot(pushed, command) is { } fault)
        {
            return new AuthorizationStep.Finished(await answers.RefuseAsync(pushed, OAuthErrors.AccessDenied, fault, cancellationToken));
        }

        AuthorizationRequest request = await flow.RequireAsync(pushed.Id, command.DeviceId, cancellationToken);
        ClientMetadata client = await metadata.GetAsync(request.ClientId, allowStale: false, cancellationToken);
        return await flow.DecideAsync(request, client, command.Wish, cancellationToken);
    }

    private string? WhyNot(AuthorizationRequest request, OpenAuthorizationCommand command) =>
        request.ClientId != command.ClientId ? "The request is another client's"
        : request.CodeHash is not null ? "The request was answered already"
        : request.ExpiresAt <= time.GetUtcNow() ? "The request has expired"
        : request.DeviceId is { } device && device != command.DeviceId ? "The request was opened in another browser"
        : null;
}
