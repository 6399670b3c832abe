using Microsoft.Extensions.Options;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Signs in with a password or an app password. Lexicon: <c>com.atproto.server.createSession</c>.</summary>
public sealed record CreateSessionCommand(CreateSessionInput Input) : ICommand<SessionOutput>, IAnonymousRequest;

/// <summary>Who wants to sign in.</summary>
public sealed record CreateSessionInput
{
    /// <summary>DID, handle or e-mail address.</summary>
    public required string Identifier { get; init; }

    /// <summary>Password of the account, or an app password with its hyphens.</summary>
    public required string Password { get; init; }

    /// <summary>A token from the mailbox; no account asks for one yet.</summary>
    public string? AuthFactorToken { get; init; }

    /// <summary>Whether a taken-down account shall get a session that lets it leave.</summary>
    public bool? AllowTakendown { get; init; }

    /// <summary>Nothing: what is in here is secret.</summary>
    public override string ToString() => nameof(CreateSessionInput);
}

internal sealed class CreateSessionHandler(
    PasswordCheck passwords, ISessionStore sessions, SessionTokens tokens, SessionAnswers answers, IOptions<AccountOptions> options, TimeProvider time)
    : IRequestHandler<CreateSessionCommand, SessionOutput>
{
    public async Task<SessionOutput> Handle(CreateSessionCommand command, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        try
        {
            return await SignInAsync(command.Input, cancellationToken);
        }
        finally
        {
            TimeSpan rest = options.Value.MinSignInTime - time.GetElapsedTime(start);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, cancellationToken);
            }
        }
    }

    private async Task<SessionOutput> SignInAsync(CreateSessionInput input, CancellationToken cancellationToken)
    {
        (Account account, AppPassword? appPassword) = await passwords.SignInAsync(input.Identifier, input.Password, cancellationToken);
        bool takenDown = account.TakedownRef is not null;
        if (takenDown && input.AllowTakendown is not true)
        {
            throw new XrpcException(AuthErrors.AccountTakedown, "Account has been taken down");
        }

        string id = SessionTokens.NewId();
        if (!takenDown)
        {
            var token = new RefreshToken(id, account.Did, time.GetUtcNow() + SessionTokens.RefreshLifetime, null, appPassword?.Name);
            await sessions.AddAsync(token, cancellationToken);
        }

        SessionScope scope = takenDown ? SessionScope.Takendown : ScopeOf(appPassword);
        return await answers.DescribeAsync(account, tokens.IssueAccess(account.Did, scope), tokens.IssueRefresh(account.Did, id), cancellationToken);
    }

    internal static SessionScope ScopeOf(AppPassword? password) => password switch
    {
        null => SessionScope.Access,
        { Privileged: true } => SessionScope.AppPassPrivileged,
        _ => SessionScope.AppPass,
    };
}
