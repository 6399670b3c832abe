using System.Net;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Signs in with a password or an app password. Lexicon: <c>com.atproto.server.createSession</c>.</summary>
/// <param name="Input">Who wants to sign in.</param>
/// <param name="Address">Where the request comes from, if that is known: guessing is counted by it.</param>
[XrpcMethod("com.atproto.server.createSession")]
[RateLimit(300, RateLimitWindow.Day, Per = RateLimitKey.SignIn)]
[RateLimit(30, RateLimitWindow.FiveMinutes, Per = RateLimitKey.SignIn)]
public sealed record CreateSessionCommand(CreateSessionInput Input, IPAddress? Address = null) : ICommand<SessionOutput>, IAnonymousRequest;

/// <summary>Who wants to sign in.</summary>
public sealed record CreateSessionInput
{
    /// <summary>DID, handle or e-mail address.</summary>
    public required string Identifier { get; init; }

    /// <summary>Password of the account, or an app password with its hyphens.</summary>
    public required string Password { get; init; }

    /// <summary>The token from the mailbox, for accounts that want one.</summary>
    public string? AuthFactorToken { get; init; }

    /// <summary>Whether a taken-down account shall get a session that lets it leave.</summary>
    public bool? AllowTakendown { get; init; }

    /// <summary>Nothing: what is in here is secret.</summary>
    public override string ToString() => nameof(CreateSessionInput);
}

internal sealed class CreateSessionHandler(
    PasswordCheck passwords, SignInFactor factor, ISessionStore sessions, SessionTokens tokens, SessionAnswers answers, EvenPace pace, TimeProvider time)
    : IRequestHandler<CreateSessionCommand, SessionOutput>
{
    public Task<SessionOutput> Handle(CreateSessionCommand command, CancellationToken cancellationToken) =>
        pace.RunAsync(() => SignInAsync(command.Input, command.Address, cancellationToken), cancellationToken);

    private async Task<SessionOutput> SignInAsync(CreateSessionInput input, IPAddress? address, CancellationToken cancellationToken)
    {
        (Account account, AppPassword? appPassword, SignInProof proof) = await passwords.SignInAsync(input.Identifier, input.Password, address, cancellationToken);
        bool takenDown = account.TakedownRef is not null;
        if (takenDown && input.AllowTakendown is not true)
        {
            throw new XrpcException(AuthErrors.AccountTakedown, "Account has been taken down");
        }

        await factor.RequireAsync(account, appPassword, input.AuthFactorToken, address, cancellationToken);
        string id = SessionTokens.NewId();
        if (!takenDown)
        {
            await sessions.AddAsync(proof, id, time.GetUtcNow() + SessionTokens.RefreshLifetime, cancellationToken);
        }

        SessionScope scope = takenDown ? SessionScope.Takendown : ScopeOf(appPassword);
        return await answers.DescribeAsync(account, tokens.IssueAccess(account.Did, scope, takenDown ? null : id), tokens.IssueRefresh(account.Did, id), cancellationToken);
    }

    internal static SessionScope ScopeOf(AppPassword? password) => password switch
    {
        null => SessionScope.Access,
        { Privileged: true } => SessionScope.AppPassPrivileged,
        _ => SessionScope.AppPass,
    };
}
