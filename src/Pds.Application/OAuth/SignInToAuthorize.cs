using System.Net;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Signs in on the page of an authorization request.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="DeviceId">The browser.</param>
/// <param name="Input">What the user wrote.</param>
/// <param name="Address">Where the request comes from: guessing is counted by it.</param>
public sealed record SignInToAuthorizeCommand(string RequestId, string DeviceId, SignInToAuthorizeInput Input, IPAddress? Address)
    : ICommand<AuthorizationStep>, IAnonymousRequest;

/// <summary>What a user writes to sign in.</summary>
public sealed record SignInToAuthorizeInput
{
    /// <summary>Handle, DID or e-mail address.</summary>
    public required string Identifier { get; init; }

    /// <summary>The account password.</summary>
    public required string Password { get; init; }

    /// <summary>The code from the mailbox, for accounts that want one.</summary>
    public string? Code { get; init; }

    /// <summary>Whether this browser shall remember the sign-in.</summary>
    public bool Remember { get; init; }

    /// <summary>Nothing: what is in here is secret.</summary>
    public override string ToString() => nameof(SignInToAuthorizeInput);
}

internal sealed class SignInToAuthorizeHandler(
    AuthorizationFlow flow, IAuthorizationRequestStore requests, IClientMetadataSource metadata, IDeviceStore devices, SignInCheck signIn, TimeProvider time)
    : IRequestHandler<SignInToAuthorizeCommand, AuthorizationStep>
{
    public async Task<AuthorizationStep> Handle(SignInToAuthorizeCommand command, CancellationToken cancellationToken)
    {
        AuthorizationRequest request = await flow.RequireAsync(command.RequestId, command.DeviceId, cancellationToken);
        ClientMetadata client = await metadata.GetAsync(request.ClientId, allowStale: false, cancellationToken);
        Account account;
        try
        {
            account = await signIn.RequireAsync(command.Input, request.Parameters.LoginHint, command.Address, cancellationToken);
        }
        catch (XrpcException refusal)
        {
            bool asksForCode = refusal.Error == AccountErrors.AuthFactorTokenRequired;
            return await flow.DecideAsync(request, client, wantsOther: true, cancellationToken) is AuthorizationStep.SignIn page
                ? page with
                {
                    Identifier = page.Identifier,
                    NeedsCode = asksForCode || command.Input.Code is not null,
                    Fault = refusal.Message,
                }
                : throw new XrpcException(OAuthErrors.InvalidRequest, "This request needs no sign-in.");
        }

        if (command.Input.Remember)
        {
            await devices.RememberAsync(command.DeviceId, new DeviceAccount(account.Did, time.GetUtcNow()), cancellationToken);
        }

        AuthorizationRequest? signedIn = await requests.UpdateAsync(request.Id, current => current with { Account = account.Did }, cancellationToken);
        return await flow.DecideAsync(signedIn ?? request with { Account = account.Did }, client, wantsOther: false, cancellationToken);
    }
}

/// <summary>Judges a sign-in by password on a page. Deactivated accounts pass: what they may not do is decided later.</summary>
internal sealed class SignInCheck(PasswordCheck passwords, SignInFactor factor, IAccountStore accounts, EvenPace pace)
{
    public Task<Account> RequireAsync(SignInToAuthorizeInput input, string? hint, IPAddress? address, CancellationToken cancellationToken) =>
        pace.RunAsync(() => JudgeAsync(input, hint, address, cancellationToken), cancellationToken);

    private async Task<Account> JudgeAsync(SignInToAuthorizeInput input, string? hint, IPAddress? address, CancellationToken cancellationToken)
    {
        (Account account, AppPassword? appPassword) = await passwords.SignInAsync(hint ?? input.Identifier.Trim(), input.Password, address, cancellationToken);
        if (appPassword is not null)
        {
            throw new XrpcException(AuthErrors.AuthenticationRequired, "App passwords are not allowed");
        }

        if (account.TakedownRef is not null)
        {
            throw new XrpcException(AuthErrors.AccountTakedown, "Account was taken down");
        }

        await factor.RequireAsync(account, appPassword, input.Code, address, cancellationToken);
        return await accounts.FindAsync(new AtIdentifier(account.Did), cancellationToken) ?? account;
    }
}
