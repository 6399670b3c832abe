using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Domain.Sync;

namespace Pds.Application.Server;

/// <summary>
/// Makes the one account of a single-user server, from an identity that its owner has already or from a new one. An account whose published identity does not point
/// here yet starts deactivated and silent.
/// </summary>
public sealed record InitializeAccountCommand(Caller Caller, InitializeAccountInput Input) : ICommand<InitializeAccountOutput>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new("pds init", Input.Did?.ToString() ?? Input.Handle);
}

/// <summary>What the account shall be.</summary>
public sealed record InitializeAccountInput
{
    /// <summary>The handle as typed. It need not resolve yet.</summary>
    public required string Handle { get; init; }

    /// <summary>The identity; <see langword="null"/> to register a new did:plc.</summary>
    public Did? Did { get; init; }

    /// <summary>The private secp256k1 scalar of the repository's signing key, 32 bytes; <see langword="null"/> to make one.</summary>
    public byte[]? SigningKey { get; init; }

    /// <summary>The owner's address; <see langword="null"/> for none.</summary>
    public string? Email { get; init; }

    /// <summary>8 to 256 characters; <see langword="null"/> for none, so that nobody can sign in by password.</summary>
    public string? Password { get; init; }

    /// <summary>The handle only: the rest is secret.</summary>
    public override string ToString() => Handle;
}

/// <summary>The account.</summary>
/// <param name="Did">Its DID.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="SigningKey">The public half of its signing key, as <c>did:key</c>.</param>
/// <param name="Active">Whether it is active.</param>
/// <param name="Fault">What the published identity lacks; <see langword="null"/> when the account is active.</param>
/// <param name="RotationKey">The server's rotation key as <c>did:key</c>, which a did:plc lists where this server is to change its handle.</param>
/// <param name="Document">For a did:web that does not point here yet: what to publish.</param>
public sealed record InitializeAccountOutput(
    Did Did, Handle Handle, string SigningKey, bool Active, string? Fault, string RotationKey, WebDidDocument? Document);

internal sealed class InitializeAccountHandler(
    IAccountStore accounts, HandleCheck handles, IPasswordHasher hasher, IKeyFactory keys, AccountIdentities identities, TidClock clock, TimeProvider time)
    : IRequestHandler<InitializeAccountCommand, InitializeAccountOutput>
{
    public async Task<InitializeAccountOutput> Handle(InitializeAccountCommand command, CancellationToken cancellationToken)
    {
        InitializeAccountInput input = command.Input;
        if ((await accounts.ListAsync(1, after: null, cancellationToken)).Count > 0)
        {
            throw Refusal("This server has an account already; more of them are made by `pds account create`.");
        }

        Handle handle = handles.Policy.Require(input.Handle, byOperator: true);
        PasswordRules.Check(input.Password);
        if (input.Email is { } email && !EmailAddress.IsValid(email))
        {
            throw Refusal("Not an e-mail address.");
        }

        byte[] signingKey = input.SigningKey ?? keys.Generate(KeyCurve.Secp256k1);
        ISigner signer = CreateSigner(signingKey);
        string? hash = input.Password is { } password ? await hasher.HashAsync(password, cancellationToken) : null;

        string? fault = input.Did is { } given ? await identities.FindFaultAsync(given, handle, signer.PublicKey, cancellationToken) : null;
        IdentityRegistration.Pending? identity = input.Did is null ? identities.Prepare(handle, signer.PublicKey) : null;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        Account account = new()
        {
            Did = identity?.Did ?? input.Did!.Value,
            Handle = handle,
            Email = input.Email is null ? null : EmailAddress.Normalize(input.Email),
            PasswordHash = hash,
            CreatedAt = now,
            DeactivatedAt = fault is null ? null : now,
        };
        RepositoryChange genesis = new Repository(account.Did, null, MstTree.Empty, signer, clock).Apply([]);
        NewAccount created = new(account, signingKey.ToArray(), KeyCurve.Secp256k1, genesis, RefreshToken: null, account.IsActive ? Announce(account, genesis) : []) { Audit = command.Audit };
        await identities.KeepAsync(identity, () => accounts.CreateAsync(created, CancellationToken.None), cancellationToken);

        return new InitializeAccountOutput(
            account.Did, handle, signer.PublicKey.ToDidKey(), account.IsActive, fault, identities.RotationKey,
            fault is not null && account.Did.Method == "web" ? identities.Describe(account.Did, handle, signer.PublicKey) : null);
    }

    private static XrpcException Refusal(string message) => new(RequestErrors.InvalidRequest, message);

    /// <summary>Identity first: relays resolve a DID at the first event they see of it.</summary>
    private static IReadOnlyList<RepoEvent> Announce(Account account, RepositoryChange genesis) =>
        [new IdentityEvent(account.Did, account.Handle), new AccountEvent(account.Did, null), new CommitEvent(genesis), new SyncEvent(genesis.Commit)];

    private ISigner CreateSigner(byte[] signingKey)
    {
        try
        {
            return keys.CreateSigner(KeyCurve.Secp256k1, signingKey);
        }
        catch (ArgumentException)
        {
            throw Refusal("The signing key is no private key of secp256k1: 64 hex digits are expected.");
        }
    }
}

/// <summary>What the first account needs to know of its identity, given or new.</summary>
internal sealed class AccountIdentities(IdentityRegistration registration, DidCheck check, ServerIdentity server)
{
    public string RotationKey => server.RotationKey.PublicKey.ToDidKey();

    public IdentityRegistration.Pending Prepare(Handle handle, PublicKey signingKey) => registration.Prepare(handle, signingKey, recoveryKey: null);

    /// <summary>What keeps a published identity from pointing here; <see langword="null"/> for nothing.</summary>
    public async ValueTask<string?> FindFaultAsync(Did did, Handle handle, PublicKey signingKey, CancellationToken cancellationToken)
    {
        try
        {
            return await check.FindFaultAsync(did, handle, signingKey, cancellationToken);
        }
        catch (XrpcException refusal) when (refusal.Error.Kind is XrpcErrorKind.UpstreamFailed or XrpcErrorKind.UpstreamTimeout)
        {
            return "Could not resolve DID";     // a did:web is often published after its server is set up
        }
    }

    public WebDidDocument Describe(Did did, Handle handle, PublicKey signingKey) => WebDidDocument.OfAccount(did, handle, signingKey, server.PublicUrl);

    /// <summary>Registers a new identity and keeps its account, or only keeps the account.</summary>
    public Task KeepAsync(IdentityRegistration.Pending? identity, Func<Task> keep, CancellationToken cancellationToken) =>
        identity is null ? keep() : registration.RegisterAsync(identity, keep, cancellationToken);
}
