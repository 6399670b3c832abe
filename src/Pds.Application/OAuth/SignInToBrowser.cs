using System.Net;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.OAuth;

/// <summary>Signs in to the account area; the browser remembers it.</summary>
/// <param name="DeviceId">The browser.</param>
/// <param name="Input">What the user wrote.</param>
/// <param name="Address">Where the request comes from: guessing is counted by it.</param>
public sealed record SignInToBrowserCommand(string DeviceId, BrowserSignInInput Input, IPAddress? Address) : ICommand<SignInToBrowserOutput>, IAnonymousRequest;

/// <summary>How it ended.</summary>
/// <param name="Account">Who signed in; <see langword="null"/> when nobody did.</param>
/// <param name="Needs">What to ask for, since name and password were right.</param>
/// <param name="Pending">The sign-in that waits for it.</param>
/// <param name="Fault">What was wrong.</param>
public sealed record SignInToBrowserOutput(Did? Account, SignInNeed Needs = SignInNeed.None, string? Pending = null, string? Fault = null);

internal sealed class SignInToBrowserHandler(BrowserSignIn signIn, IDeviceStore devices, TimeProvider time) : IRequestHandler<SignInToBrowserCommand, SignInToBrowserOutput>
{
    public async Task<SignInToBrowserOutput> Handle(SignInToBrowserCommand command, CancellationToken cancellationToken)
    {
        switch (await signIn.TryAsync(command.Input, command.DeviceId, fixedIdentifier: null, command.Address, cancellationToken))
        {
            case BrowserSignInOutcome.SignedIn { Account.Did: var did }:
                await devices.RememberAsync(command.DeviceId, new DeviceAccount(did, time.GetUtcNow()), cancellationToken);
                return new SignInToBrowserOutput(did);
            case BrowserSignInOutcome.Refused refused:
                return new SignInToBrowserOutput(null, refused.Needs, refused.Pending, refused.Fault);
            default:
                throw new InvalidOperationException("A sign-in ends well or not.");
        }
    }
}
