using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Keeps a passkey that a browser has made for the caller.</summary>
/// <param name="Caller">Whose account.</param>
/// <param name="DeviceId">The browser.</param>
/// <param name="Answer">What it answers.</param>
/// <param name="Name">What the owner calls it, up to 64 characters; blank for a name of ours.</param>
public sealed record AddPasskeyCommand(Caller Caller, string DeviceId, PasskeyAnswer Answer, string Name) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

internal sealed class AddPasskeyHandler(
    IAccountStore accounts, IPasskeyStore passkeys, IPasskeyCeremonies ceremonies, PasskeyChallenges challenges, FactorMails mails, TimeProvider time)
    : IRequestHandler<AddPasskeyCommand, Unit>
{
    public async Task<Unit> Handle(AddPasskeyCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        Did did = account.Did;
        string name = PasskeyName.Read(command.Name) ?? "Passkey";
        string state = await challenges.TakeAsync(command.Answer.QuestionId, command.DeviceId, did, cancellationToken);
        ProvenPasskey proven = await ceremonies.FinishRegistrationAsync(state, command.Answer.Credential, cancellationToken)
            ?? throw new XrpcException(RequestErrors.InvalidRequest, "The passkey was not made as it has to be, or is in use already.");
        Passkey passkey = new()
        {
            Id = proven.Id,
            Did = did,
            UserHandle = PasskeyChallenges.UserHandleOf(did),
            PublicKey = proven.PublicKey,
            Name = name,
            CreatedAt = time.GetUtcNow(),
            SignCount = proven.SignCount,
            Transports = proven.Transports,
            IsBackupEligible = proven.IsBackupEligible,
            IsBackedUp = proven.IsBackedUp,
        };
        if (!await passkeys.AddAsync(SignInProof.Of(account, command.Caller), passkey, FactorLimits.Passkeys, cancellationToken))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"The passkey is in use already, or the account has {FactorLimits.Passkeys} of them.");
        }

        await mails.BeginAsync(FactorNotice.PasskeyAdded, did, cancellationToken, name);
        return Unit.Value;
    }
}

/// <summary>What owners call their passkeys.</summary>
internal static class PasskeyName
{
    /// <summary>A name without blanks around it, or <see langword="null"/> when nothing is left.</summary>
    /// <exception cref="XrpcException">InvalidRequest: too long.</exception>
    public static string? Read(string text) => text.Trim() switch
    {
        { Length: > FactorLimits.NameLength } => throw new XrpcException(RequestErrors.InvalidRequest, $"The name is longer than {FactorLimits.NameLength} characters."),
        "" => null,
        string name => name,
    };
}
