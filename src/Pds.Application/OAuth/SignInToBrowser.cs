using System.Net;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
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
        BrowserSignInOutcome outcome = await signIn.TryAsync(command.Input, command.DeviceId, fixedIdentifier: null, command.Address, cancellationToken);
        if (outcome is BrowserSignInOutcome.Refused refused)
        {
            return new SignInToBrowserOutput(null, refused.Needs, refused.Pending, refused.Fault);
        }

        SignInProof proof = ((BrowserSignInOutcome.SignedIn)outcome).Proof;
        try
        {
            await devices.RememberAsync(command.DeviceId, proof, time.GetUtcNow(), cancellationToken);
        }
        catch (XrpcException refusal) when (refusal.Error == AuthErrors.AuthenticationRequired)
        {
            return new SignInToBrowserOutput(null, Fault: refusal.Message);
        }

        return new SignInToBrowserOutput(proof.Account);
    }
}
