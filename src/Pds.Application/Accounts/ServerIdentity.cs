using Pds.Application.Crypto;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Accounts;

/// <summary>Who this server is to the outside: its DID, its address and the key with which it speaks for accounts at the PLC directory.</summary>
/// <param name="server">Name and address.</param>
/// <param name="secrets">The rotation key.</param>
/// <param name="identity">The recovery key.</param>
/// <param name="keys">Makes the signer of the rotation key.</param>
public sealed class ServerIdentity(ServerSettings server, SecretSettings secrets, IdentitySettings identity, IKeyFactory keys)
{
    private const string PdsServiceType = "AtprotoPersonalDataServer";

    private readonly Lazy<ISigner> _rotationKey = new(
        () => keys.CreateSigner(KeyCurve.Secp256k1, Convert.FromHexString(secrets.PlcRotationKey)));

    /// <summary>Audience of session tokens and of service tokens for us.</summary>
    public Did ServiceDid { get; } = server.ServiceIdentity;

    /// <summary>Scheme and host, without trailing slash: what DID documents name as <c>#atproto_pds</c>.</summary>
    public string PublicUrl { get; } = server.PublicOrigin;

    /// <summary>The server's PLC rotation key.</summary>
    public ISigner RotationKey => _rotationKey.Value;

    /// <summary>Signs a change of a did:plc with the server's rotation key.</summary>
    /// <param name="last">The last operation, never a tombstone.</param>
    /// <param name="data">What the DID should stand for afterwards.</param>
    /// <exception cref="XrpcException">InvalidRequest: the DID does not list our key, so the directory would refuse the signature.</exception>
    internal PlcOperation SignUpdate(PlcOperation last, PlcData data)
    {
        string ours = RotationKey.PublicKey.ToDidKey();
        return last.Data!.RotationKeys.Contains(ours, StringComparer.Ordinal)
            ? PlcOperation.SignUpdate(data, last.Cid, RotationKey)
            : throw new XrpcException(
                RequestErrors.InvalidRequest,
                $"Server rotation key not included in PLC DID data: this server cannot sign the change. Sign it with a rotation key of the DID and submit it to the directory, or add {ours} to the rotation keys.");
    }

    /// <summary>What the PLC directory should say about an account of ours.</summary>
    /// <param name="handle">Its handle.</param>
    /// <param name="signingKey">The key of its repository.</param>
    /// <param name="recoveryKey">did:key of the user; outranks every other key.</param>
    public PlcData Describe(Handle handle, PublicKey signingKey, string? recoveryKey)
    {
        string?[] rotationKeys = [recoveryKey, identity.RecoveryDidKey, RotationKey.PublicKey.ToDidKey()];
        return new PlcData
        {
            RotationKeys = [.. rotationKeys.Where(key => !string.IsNullOrEmpty(key)).Select(key => key!).Distinct(StringComparer.Ordinal)],
            VerificationMethods = new Dictionary<string, string>(StringComparer.Ordinal) { ["atproto"] = signingKey.ToDidKey() },
            AlsoKnownAs = [$"at://{handle}"],
            Services = new Dictionary<string, PlcService>(StringComparer.Ordinal) { ["atproto_pds"] = new(PdsServiceType, PublicUrl) },
        };
    }
}
