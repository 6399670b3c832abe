using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.OAuth;

namespace Pds.Application.Identity;

/// <summary>Mails the caller the token that <c>signPlcOperation</c> asks for. Lexicon: <c>com.atproto.identity.requestPlcOperationSignature</c>.</summary>
[XrpcMethod("com.atproto.identity.requestPlcOperationSignature")]
[XrpcRestricted(MethodRestrictions.Protected)]
public sealed record RequestPlcOperationSignatureCommand(Caller Caller) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { AllowTakendownSession = true, Scoped = [new ScopeDemand.Identity("*")] };
}

internal sealed class RequestPlcOperationSignatureHandler(IAccountStore accounts, AccountMails mails) : IRequestHandler<RequestPlcOperationSignatureCommand, Unit>
{
    public async Task<Unit> Handle(RequestPlcOperationSignatureCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        account.Did.RequirePlc();
        await mails.SendTokenAsync(EmailTokenPurpose.PlcOperation, account, cancellationToken);
        return Unit.Value;
    }
}
