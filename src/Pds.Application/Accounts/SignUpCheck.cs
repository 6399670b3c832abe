using System.Text.Json;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Accounts;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Decides who gets an account. The order of the checks is visible to clients and kept as the network knows it.</summary>
internal sealed class SignUpCheck(
    IAccountStore accounts, IInviteStore invites, IPasswordHasher hasher, HandleCheck handles, AccountSettings settings, RuleSettings rules, TimeProvider time)
{
    /// <summary>Judges a request, in the order that clients know.</summary>
    /// <exception cref="XrpcException">One of <see cref="AccountErrors"/>, InvalidRequest or AuthenticationRequired.</exception>
    public async ValueTask<Admission> AdmitAsync(CreateAccountInput input, Caller caller, CancellationToken cancellationToken)
    {
        CheckForm(input);
        string email = string.IsNullOrEmpty(input.Email) ? throw Refusal("Email is required") : RequireEmail(input.Email);
        Handle handle = await handles.RequireAsync(input.Handle, input.Did, byOperator: false, cancellationToken);
        await CheckInviteAsync(input.InviteCode, cancellationToken);
        await CheckFreeAsync(handle, email, cancellationToken);
        if (input.Did is { } did)
        {
            await CheckMoveAsync(did, caller, cancellationToken);
        }

        // The database keeps milliseconds; what is answered and what is stored shall be the same.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        string? hash = input.Password is { } password ? await hasher.HashAsync(password, cancellationToken) : null;
        return new Admission(handle, email, hash, now, input.Did is null ? null : now + settings.MoveInPeriod);
    }

    /// <summary>The address in its normal form.</summary>
    /// <exception cref="XrpcException">InvalidRequest: it is no address, or one of a mailbox to throw away.</exception>
    public string RequireEmail(string text) => EmailAddress.IsValid(text) && !IsDisposable(EmailAddress.DomainOf(text))
        ? EmailAddress.Normalize(text)
        : throw Refusal("This email address is not supported, please use a different email.");

    /// <summary>Whether the domain, or one that it lies under, is on the list.</summary>
    private bool IsDisposable(string domain)
    {
        string rest = domain;
        int dot;
        while (!rules.DisposableMailDomains.Contains(rest) && (dot = rest.IndexOf('.', StringComparison.Ordinal)) >= 0)
        {
            rest = rest[(dot + 1)..];
        }

        return rules.DisposableMailDomains.Contains(rest);
    }

    private static XrpcException Refusal(string message) => new(RequestErrors.InvalidRequest, message);

    private void CheckForm(CreateAccountInput input)
    {
        if (input.PlcOp is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) })
        {
            throw Refusal("Unsupported input: \"plcOp\"");
        }

        PasswordRules.Check(input.Password);
        if (input.RecoveryKey is { } key && !PublicKey.TryParseDidKey(key, out _))
        {
            throw Refusal("recoveryKey must be a did:key");
        }

        if (settings.InviteRequired && string.IsNullOrEmpty(input.InviteCode))
        {
            throw new XrpcException(AccountErrors.InvalidInviteCode, "No invite code provided");
        }
    }

    private async ValueTask CheckInviteAsync(string? code, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(code) && !await invites.IsUsableAsync(code, cancellationToken))
        {
            throw new XrpcException(AccountErrors.InvalidInviteCode, "Provided invite code not available");
        }
    }

    /// <summary>The store checks again in its transaction; this spares the identity that would have to be undone.</summary>
    private async ValueTask CheckFreeAsync(Handle handle, string email, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(new AtIdentifier(handle), cancellationToken) is not null)
        {
            throw new XrpcException(AccountErrors.HandleNotAvailable, $"Handle already taken: {handle}");
        }

        if (await accounts.FindByEmailAsync(email, cancellationToken) is not null)
        {
            throw Refusal($"Email already taken: {email}");
        }
    }

    private async ValueTask CheckMoveAsync(Did did, Caller caller, CancellationToken cancellationToken)
    {
        if (caller is not Caller.Service service || service.Issuer != did)
        {
            throw new XrpcException(AuthErrors.AuthenticationRequired, $"Missing auth to create account with did: {did}");
        }

        if (await accounts.FindAsync(new AtIdentifier(did), cancellationToken) is not null)
        {
            throw new XrpcException(AccountErrors.AlreadyExists, "Repo already exists");
        }
    }

    /// <summary>Somebody who gets an account, as soon as there is an identity for it.</summary>
    /// <param name="Handle">The handle.</param>
    /// <param name="Email">The address in lower case.</param>
    /// <param name="PasswordHash">Hash of the password, if there is one.</param>
    /// <param name="At">When.</param>
    /// <param name="DeleteAfter">For those who move in: by when they should have activated the account.</param>
    internal sealed record Admission(Handle Handle, string Email, string? PasswordHash, DateTimeOffset At, DateTimeOffset? DeleteAfter)
    {
        /// <summary>The account; closed until activation for those who move in.</summary>
        public Account For(Did did) => new()
        {
            Did = did,
            Handle = Handle,
            Email = Email,
            PasswordHash = PasswordHash,
            CreatedAt = At,
            DeactivatedAt = DeleteAfter is null ? null : At,
            DeleteAfter = DeleteAfter,
        };

        /// <summary>The handle only.</summary>
        public override string ToString() => Handle.ToString();
    }
}
