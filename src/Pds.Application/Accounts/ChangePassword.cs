using System.Net;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Gives the caller's account another password.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Input">The old password and the new one.</param>
/// <param name="DeviceId">The browser that stays signed in; <see langword="null"/> for none.</param>
/// <param name="Address">Where the request comes from: guessing is counted by it.</param>
public sealed record ChangePasswordCommand(Caller Caller, ChangePasswordInput Input, string? DeviceId, IPAddress? Address) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

/// <summary>The old password and the new one.</summary>
public sealed record ChangePasswordInput
{
    /// <summary>The present password; app passwords will not do.</summary>
    public required string Current { get; init; }

    /// <summary>The new password, 8 to 256 characters.</summary>
    public required string New { get; init; }

    /// <summary>Whether all other browsers, programs and applications are signed out.</summary>
    public bool EndSessions { get; init; } = true;

    /// <summary>Nothing: what is in here is secret.</summary>
    public override string ToString() => nameof(ChangePasswordInput);
}

internal sealed class ChangePasswordHandler(IAccountStore accounts, PasswordCheck passwords, IPasswordHasher hasher, TimeProvider time)
    : IRequestHandler<ChangePasswordCommand, Unit>
{
    public async Task<Unit> Handle(ChangePasswordCommand command, CancellationToken cancellationToken)
    {
        ChangePasswordInput input = command.Input;
        PasswordRules.CheckReplacement(input.New);
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        SignInProof proof = await RequireCurrentAsync(account, command, cancellationToken);
        string hash = await hasher.HashAsync(input.New, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        _ = await accounts.UpdateAsync(
            account.Did,
            current => new AccountChange(current with { PasswordHash = hash }, [])
            {
                Proof = proof,
                EndSessions = input.EndSessions,
                KeptBrowser = command.DeviceId is { } device ? (device, now) : null,
            },
            cancellationToken)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, "Account not found");
        return Unit.Value;
    }

    private async ValueTask<SignInProof> RequireCurrentAsync(Account account, ChangePasswordCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await passwords.RequireAsync(account, command.Input.Current, command.Address, cancellationToken);
        }
        catch (XrpcException refusal) when (refusal.Error == AuthErrors.AuthenticationRequired)
        {
            throw new XrpcException(AuthErrors.AuthenticationRequired, "The present password is wrong.");
        }
    }
}
