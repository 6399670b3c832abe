using Microsoft.Extensions.Logging;
using Pds.Application.Identity;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Accounts;

/// <summary>Makes new did:plc identities. An identity whose account could not be kept is buried again; one that somebody brought is never touched.</summary>
internal sealed partial class IdentityRegistration(ServerIdentity server, IPlcDirectory directory, ILogger<IdentityRegistration> logger)
{
    /// <summary>Signs the first operation of an identity; nothing is sent yet.</summary>
    public Pending Prepare(Handle handle, PublicKey signingKey, string? recoveryKey)
    {
        var genesis = PlcOperation.SignGenesis(server.Describe(handle, signingKey, recoveryKey), server.RotationKey);
        return new Pending(genesis.DeriveDid(), genesis);
    }

    /// <summary>Registers an identity, then keeps its account; if that fails, the identity is given up.</summary>
    /// <exception cref="XrpcException">The directory refused, or whatever <paramref name="keep"/> refuses with.</exception>
    public async Task RegisterAsync(Pending identity, Func<Task> keep, CancellationToken cancellationToken)
    {
        await directory.SubmitAsync(identity.Did, identity.Genesis, cancellationToken);
        try
        {
            await keep();
        }
        catch
        {
            await BuryAsync(identity);
            throw;
        }
    }

    private async Task BuryAsync(Pending identity)
    {
        try
        {
            await directory.SubmitAsync(identity.Did, PlcOperation.SignTombstone(identity.Genesis.Cid, server.RotationKey), CancellationToken.None);
        }
        catch (XrpcException)
        {
            LogOrphan(identity.Did.ToString());
        }
    }

    [LoggerMessage(3001, LogLevel.Error, "The identity {Did} was registered, its account could not be kept, and the directory did not take the tombstone.")]
    private partial void LogOrphan(string did);

    /// <summary>An identity that nobody knows of yet.</summary>
    internal sealed record Pending(Did Did, PlcOperation Genesis);
}
