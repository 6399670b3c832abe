using System.Text.Json;
using MediatR;
using Pds.Application.Crypto;
using Pds.Application.Pipeline;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Domain.Sync;

namespace Pds.Application.Accounts;

/// <summary>Makes an account: a new identity, or a place for one that moves in. Lexicon: <c>com.atproto.server.createAccount</c>.</summary>
/// <param name="Caller">The DID that moves in, vouched for by a service token; anonymous for a new identity.</param>
/// <param name="Input">What the account shall be.</param>
[XrpcMethod("com.atproto.server.createAccount")]
[XrpcRestricted(MethodRestrictions.PrivilegedOnly | MethodRestrictions.TakendownMayLeave)]
[RateLimit(100, RateLimitWindow.FiveMinutes)]
public sealed record CreateAccountCommand(Caller Caller, CreateAccountInput Input) : ICommand<CreateAccountOutput>, IAnonymousRequest;

/// <summary>What the account shall be.</summary>
public sealed record CreateAccountInput
{
    /// <summary>Address of the owner; required.</summary>
    public string? Email { get; init; }

    /// <summary>The handle as typed.</summary>
    public required string Handle { get; init; }

    /// <summary>An identity that exists already; <see langword="null"/> to make one.</summary>
    public Did? Did { get; init; }

    /// <summary>An invite code; used up also where none is required.</summary>
    public string? InviteCode { get; init; }

    /// <summary>Ignored.</summary>
    public string? VerificationCode { get; init; }

    /// <summary>Ignored.</summary>
    public string? VerificationPhone { get; init; }

    /// <summary>8 to 256 characters; without one nobody can sign in by password.</summary>
    public string? Password { get; init; }

    /// <summary>A <c>did:key</c> of the owner, which outranks the server's keys.</summary>
    public string? RecoveryKey { get; init; }

    /// <summary>Refused.</summary>
    public JsonElement? PlcOp { get; init; }

    /// <summary>The handle only: password and address stay out of logs.</summary>
    public override string ToString() => Handle;
}

/// <summary>The account with its first session.</summary>
public sealed record CreateAccountOutput
{
    /// <summary>Opens methods, for two hours.</summary>
    public required string AccessJwt { get; init; }

    /// <summary>Gets the next pair of tokens.</summary>
    public required string RefreshJwt { get; init; }

    /// <summary>Its handle.</summary>
    public required Handle Handle { get; init; }

    /// <summary>Its DID.</summary>
    public required Did Did { get; init; }

    /// <summary>Its DID document; absent when it cannot be had.</summary>
    public DidDocument? DidDoc { get; init; }

    /// <summary>The account only: tokens stay out of logs.</summary>
    public override string ToString() => Did.ToString();
}

internal sealed class CreateAccountHandler(
    SignUpCheck check, IdentityRegistration identities, AccountOpening opening, SignUpKeys keys, TidClock clock, SessionTokens tokens, SessionAnswers answers)
    : IRequestHandler<CreateAccountCommand, CreateAccountOutput>
{
    public async Task<CreateAccountOutput> Handle(CreateAccountCommand command, CancellationToken cancellationToken)
    {
        CreateAccountInput input = command.Input;
        SignUpCheck.Admission admission = await check.AdmitAsync(input, command.Caller, cancellationToken);
        SignUpKeys.Choice key = await keys.ChooseAsync(input.Did, cancellationToken);

        IdentityRegistration.Pending? identity = input.Did is null ? identities.Prepare(admission.Handle, key.Signer.PublicKey, input.RecoveryKey) : null;
        Account account = admission.For(identity?.Did ?? input.Did!.Value);
        RepositoryChange genesis = new Repository(account.Did, null, MstTree.Empty, key.Signer, clock).Apply([]);
        string refreshId = SessionTokens.NewId();
        var created = new NewAccount(
            account, key.Secret, KeyCurve.Secp256k1, genesis,
            new RefreshToken(refreshId, account.Did, account.CreatedAt + SessionTokens.RefreshLifetime, null, null),
            account.IsActive ? Announce(account, genesis) : [])
        { InviteCode = input.InviteCode, ReservedKey = key.IsReserved ? key.Signer.PublicKey.ToDidKey() : null };

        await opening.OpenAsync(created, identity, cancellationToken);
        return new CreateAccountOutput
        {
            AccessJwt = tokens.IssueAccess(account.Did, SessionScope.Access, refreshId),
            RefreshJwt = tokens.IssueRefresh(account.Did, refreshId),
            Handle = account.ShownHandle,
            Did = account.Did,
            DidDoc = await answers.ResolveDidDocAsync(account.Did, refresh: true, cancellationToken),
        };
    }

    /// <summary>Identity first: relays resolve a DID at the first event they see of it.</summary>
    private static IReadOnlyList<RepoEvent> Announce(Account account, RepositoryChange genesis) =>
        [new IdentityEvent(account.Did, account.Handle), new AccountEvent(account.Did, null), new CommitEvent(genesis), new SyncEvent(genesis.Commit)];
}

/// <summary>The signing key of a new account: the one reserved for its DID, which may be in the published identity already, else a new one.</summary>
internal sealed class SignUpKeys(IKeyFactory keys, IReservedKeyStore reserved)
{
    public async ValueTask<Choice> ChooseAsync(Did? did, CancellationToken cancellationToken)
    {
        byte[]? kept = did is { } owner ? await reserved.OpenAsync(owner, cancellationToken) : null;
        byte[] secret = kept ?? keys.Generate(KeyCurve.Secp256k1);
        return new Choice(secret, keys.CreateSigner(KeyCurve.Secp256k1, secret), kept is not null);
    }

    /// <summary>A key pair.</summary>
    internal sealed record Choice(byte[] Secret, ISigner Signer, bool IsReserved)
    {
        /// <summary>The public half only.</summary>
        public override string ToString() => Signer.PublicKey.ToDidKey();
    }
}

/// <summary>Keeps a new account, after its identity where that is new, too; then asks its owner to confirm the address.</summary>
internal sealed class AccountOpening(IdentityRegistration identities, IAccountStore accounts, AccountMails mails)
{
    /// <summary>Keeps the account.</summary>
    /// <param name="created">The account.</param>
    /// <param name="identity">Its identity, if it is still to be registered.</param>
    /// <param name="cancellationToken">Gives up before anything is kept.</param>
    public async Task OpenAsync(NewAccount created, IdentityRegistration.Pending? identity, CancellationToken cancellationToken)
    {
        if (identity is null)
        {
            await accounts.CreateAsync(created, cancellationToken);
        }
        else
        {
            await identities.RegisterAsync(identity, () => accounts.CreateAsync(created, CancellationToken.None), cancellationToken);
        }

        if (created.Account.Email is not null)
        {
            await mails.BeginTokenAsync(EmailTokenPurpose.ConfirmEmail, created.Account, CancellationToken.None);
        }
    }
}
