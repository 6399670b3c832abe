using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.OAuth;

/// <summary>Makes a browser forget an account.</summary>
/// <param name="DeviceId">The browser, known by its cookies: whoever holds them may.</param>
/// <param name="Did">The account; one that is not signed in is no fault.</param>
public sealed record SignOutOfBrowserCommand(string DeviceId, Did Did) : ICommand<Unit>, IAnonymousRequest;

internal sealed class SignOutOfBrowserHandler(IDeviceStore devices) : IRequestHandler<SignOutOfBrowserCommand, Unit>
{
    public async Task<Unit> Handle(SignOutOfBrowserCommand command, CancellationToken cancellationToken)
    {
        await devices.ForgetAsync(command.DeviceId, command.Did, cancellationToken);
        return Unit.Value;
    }
}
