using Pds.Application.Identity;
using Pds.Application.Moderation;
using Pds.Application.Repositories;
using Pds.Domain.Accounts;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;

namespace Pds.Application.Accounts;

/// <summary>Replaces the signing key of an account. What fails halfway is finished by asking again with the same key.</summary>
internal sealed class SigningKeyRotation(
    IAccountStore accounts, IReservedKeyStore keys, IRepositoryStore repositories, IPlcDirectory directory, IDidResolver resolver, ServerIdentity server, TidClock clock)
{
    private const string KeyName = "atproto";

    /// <summary>Names the key in the identity, signs with it from then on, and commits once so that the head bears its signature.</summary>
    /// <param name="did">Whose key.</param>
    /// <param name="key">A reserved key.</param>
    /// <param name="audit">The row of the audit trail that is kept with the change; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up before the identity is changed.</param>
    /// <exception cref="XrpcException">NotFound, InvalidRequest: the account is not active, the key not reserved, or the identity not ours to change. UpstreamFailure.</exception>
    public async Task RotateAsync(Did did, PublicKey key, AuditNote? audit, CancellationToken cancellationToken)
    {
        Account account = await accounts.FindAsync(new AtIdentifier(did), cancellationToken)
            ?? throw new XrpcException(AccountErrors.NotFound, "Account not found");
        if (!account.IsActive)
        {
            throw Refusal("The account is not active");
        }

        ISigner signer = await keys.FindAsync(did, key, cancellationToken)
            ?? throw Refusal("The key was not reserved here for this account: call com.atproto.server.reserveSigningKey first");

        // Within the repository's turn: no commit is signed with a key that the identity no longer, or not yet, names.
        bool isReplaced = false;
        await repositories.WriteAsync(
            did,
            async (repository, _) =>
            {
                if (!isReplaced)
                {
                    await NameAsync(did, key);
                    await keys.UseAsync(did, key, new IdentityEvent(did, account.Handle), audit);
                    isReplaced = true;
                }

                return new Repository(did, repository.Head, repository.Tree, signer, clock).Apply([]);
            },
            cancellationToken);
    }

    private static XrpcException Refusal(string message) => new(RequestErrors.InvalidRequest, message);

    private async Task NameAsync(Did did, PublicKey key)
    {
        if (did.Method == "plc")
        {
            await SubmitAsync(did, key.ToDidKey());
        }
        else if (await resolver.ResolveAsync(did, refresh: true, CancellationToken.None) is not { SigningKey: { } published } || !published.Equals(key))
        {
            throw Refusal("Put the key into the DID document first: this server cannot change it");
        }
    }

    private async Task SubmitAsync(Did did, string key)
    {
        PlcOperation last = await directory.FindLastAsync(did, CancellationToken.None) is { Data: not null } found ? found : throw Refusal("Could not resolve DID");
        PlcData data = last.Data!;
        if (data.VerificationMethods.GetValueOrDefault(KeyName) == key)
        {
            return;     // published already: by its owner, or by an attempt before this one
        }

        var methods = new Dictionary<string, string>(data.VerificationMethods, StringComparer.Ordinal) { [KeyName] = key };
        await directory.SubmitAsync(did, server.SignUpdate(last, data with { VerificationMethods = methods }), CancellationToken.None);
        await resolver.ResolveAsync(did, refresh: true, CancellationToken.None);
    }
}
