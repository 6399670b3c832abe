using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Goes on with an account whose owner is here for certain: it was made a moment ago, or the host vouches for it.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="DeviceId">The browser.</param>
/// <param name="Account">The account.</param>
/// <param name="Remember">Whether the browser shall remember the sign-in.</param>
public sealed record ContinueAsCommand(string RequestId, string DeviceId, Did Account, bool Remember) : ICommand<AuthorizationStep>, IAnonymousRequest;

internal sealed class ContinueAsHandler(AuthorizationFlow flow, IClientMetadataSource metadata, IAccountStore accounts)
    : IRequestHandler<ContinueAsCommand, AuthorizationStep>
{
    public async Task<AuthorizationStep> Handle(ContinueAsCommand command, CancellationToken cancellationToken)
    {
        AuthorizationRequest request = await flow.RequireAsync(command.RequestId, command.DeviceId, cancellationToken);
        ClientMetadata client = await metadata.GetAsync(request.ClientId, allowStale: false, cancellationToken);
        Account account = await accounts.FindAsync(new AtIdentifier(command.Account), cancellationToken)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, "There is no such account on this server.");
        if (account.TakedownRef is not null)
        {
            throw new XrpcException(AuthErrors.AccountTakedown, "Account was taken down");
        }

        return request.Parameters.Prompt == "create" || AuthorizationFlow.IsHinted(account, request.Parameters.LoginHint)
            ? await flow.SignInAsync(request, client, SignInProof.Of(account), command.Remember, cancellationToken)
            : throw new XrpcException(OAuthErrors.InvalidRequest, $"The application asks for another account than {account.ShownHandle}.");
    }
}
