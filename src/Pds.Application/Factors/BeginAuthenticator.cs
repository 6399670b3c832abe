using System.Security.Cryptography;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Factors;

namespace Pds.Application.Factors;

/// <summary>Gives the caller a secret for an authenticator app. It counts for nothing until <see cref="ConfirmAuthenticatorCommand"/>.</summary>
/// <param name="Caller">Whose account.</param>
public sealed record BeginAuthenticatorCommand(Caller Caller) : ICommand<BeginAuthenticatorOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

/// <summary>What an app needs.</summary>
/// <param name="Secret">The secret in base32, to be typed.</param>
/// <param name="Address">The <c>otpauth:</c> address, to be opened or shown as a picture.</param>
public sealed record BeginAuthenticatorOutput(string Secret, string Address)
{
    /// <summary>Nothing: what is in here is secret.</summary>
    public override string ToString() => nameof(BeginAuthenticatorOutput);
}

internal sealed class BeginAuthenticatorHandler(IAccountStore accounts, IAuthenticatorStore authenticators, ServerSettings options, TimeProvider time)
    : IRequestHandler<BeginAuthenticatorCommand, BeginAuthenticatorOutput>
{
    public async Task<BeginAuthenticatorOutput> Handle(BeginAuthenticatorCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);

        // One that waits is shown again for a while: a page that is reloaded must not spoil what the app has read already.
        DateTimeOffset now = time.GetUtcNow();
        Authenticator? known = await authenticators.FindAsync(account.Did, cancellationToken);
        Authenticator authenticator = known is not null && (known.IsOn || now - known.CreatedAt < FactorLimits.Setup)
            ? known
            : new Authenticator(RandomNumberGenerator.GetBytes(Totp.SecretLength), now, ConfirmedAt: null, UsedStep: 0);
        if (authenticator.IsOn || !await authenticators.BeginAsync(SignInProof.Of(account, command.Caller), authenticator, cancellationToken))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "An authenticator app is in use already. Turn it off first.");
        }

        ReadOnlySpan<byte> secret = authenticator.Secret.Span;
        return new BeginAuthenticatorOutput(Totp.TextOf(secret), Totp.AddressOf(secret, options.ServiceName ?? options.Hostname, account.ShownHandle.ToString()));
    }
}
