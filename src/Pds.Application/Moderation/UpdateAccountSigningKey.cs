using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>
/// Gives an account another signing key, which must have been reserved here: the identity names it, the server signs with it, and an empty commit puts its signature
/// on the repository. Lexicon: <c>com.atproto.admin.updateAccountSigningKey</c>.
/// </summary>
public sealed record UpdateAccountSigningKeyCommand(Caller Caller, UpdateAccountSigningKeyInput Input) : ICommand<Unit>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new("com.atproto.admin.updateAccountSigningKey", Input.Did.ToString(), Input.SigningKey);
}

/// <summary>Whose key, and which.</summary>
/// <param name="Did">The account.</param>
/// <param name="SigningKey">A <c>did:key</c> that <c>com.atproto.server.reserveSigningKey</c> answered with.</param>
public sealed record UpdateAccountSigningKeyInput(Did Did, string SigningKey);

internal sealed class UpdateAccountSigningKeyHandler(SigningKeyRotation rotation) : IRequestHandler<UpdateAccountSigningKeyCommand, Unit>
{
    public async Task<Unit> Handle(UpdateAccountSigningKeyCommand command, CancellationToken cancellationToken)
    {
        if (!PublicKey.TryParseDidKey(command.Input.SigningKey, out PublicKey? key))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "signingKey must be a did:key");
        }

        await rotation.RotateAsync(command.Input.Did, key, command.Audit, cancellationToken);
        return Unit.Value;
    }
}
