using MediatR;
using Pds.Application.Pipeline;

namespace Pds.Application.Factors;

/// <summary>Asks for the second factor again in a browser that was trusted, or in all of them.</summary>
/// <param name="Caller">Whose account.</param>
/// <param name="DeviceId">The browser; <see langword="null"/> for all.</param>
public sealed record DistrustBrowserCommand(Caller Caller, string? DeviceId) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

internal sealed class DistrustBrowserHandler(ITrustedBrowserStore browsers) : IRequestHandler<DistrustBrowserCommand, Unit>
{
    public async Task<Unit> Handle(DistrustBrowserCommand command, CancellationToken cancellationToken)
    {
        await browsers.DistrustAsync(command.Caller.Account!.Value, command.DeviceId, cancellationToken);
        return Unit.Value;
    }
}
