using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.OAuth;

/// <summary>Signs the caller out of one of its browsers.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="DeviceId">The browser; one that does not remember the caller's account is no fault.</param>
public sealed record EndBrowserCommand(Caller Caller, string DeviceId) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full;
}

internal sealed class EndBrowserHandler(IDeviceStore devices) : IRequestHandler<EndBrowserCommand, Unit>
{
    public async Task<Unit> Handle(EndBrowserCommand command, CancellationToken cancellationToken)
    {
        await devices.ForgetAsync(command.DeviceId, command.Caller.Account!.Value, cancellationToken);
        return Unit.Value;
    }
}

/// <summary>Ends a session that began with a password. Its access token goes on for up to two hours.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Id">The session; one that is not the caller's is no fault, and goes on.</param>
public sealed record EndPasswordSessionCommand(Caller Caller, string Id) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full;
}

internal sealed class EndPasswordSessionHandler(ISessionStore sessions) : IRequestHandler<EndPasswordSessionCommand, Unit>
{
    public async Task<Unit> Handle(EndPasswordSessionCommand command, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(command.Caller.Account!.Value, command.Id, cancellationToken);
        return Unit.Value;
    }
}

/// <summary>Ends all sessions of the caller, in browsers, programs and applications, but the one of this browser.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="DeviceId">The browser that stays.</param>
public sealed record EndOtherSignInsCommand(Caller Caller, string DeviceId) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full;
}

internal sealed class EndOtherSignInsHandler(IAccountStore accounts, IDeviceStore devices) : IRequestHandler<EndOtherSignInsCommand, Unit>
{
    public async Task<Unit> Handle(EndOtherSignInsCommand command, CancellationToken cancellationToken)
    {
        Did did = command.Caller.Account!.Value;
        DeviceAccount? kept = (await devices.ListAccountsAsync(command.DeviceId, cancellationToken)).FirstOrDefault(account => account.Did == did);
        _ = await accounts.UpdateAsync(
            did,
            account => new AccountChange(account, []) { EndSessions = true, KeptBrowser = kept is null ? null : (command.DeviceId, kept.SignedInAt) },
            cancellationToken)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, "Account not found");
        return Unit.Value;
    }
}
