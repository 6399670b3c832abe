namespace Pds.Application.Settings;

/// <summary>Secrets of the server. Whoever knows them can act for everybody here.</summary>
public sealed class SecretSettings
{
    /// <summary>Signs session tokens: HS256 with the UTF-8 bytes of this text. Required. Below 16 bytes the log warns, since such a secret can be guessed from a token. Changing it ends all sessions.</summary>
    [Variable("PDS_JWT_SECRET")]
    public string JwtSecret { get; set; } = "";

    /// <summary>Password of the operator (user <c>admin</c>). Required.</summary>
    [Variable("PDS_ADMIN_PASSWORD")]
    public string AdminPassword { get; set; } = "";

    /// <summary>Private secp256k1 key that signs did:plc operations of accounts here: 64 hex digits. It also seals their signing keys in the database. Required. Losing it means losing control of the identities: keep a copy elsewhere.</summary>
    [Variable("PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX")]
    public string PlcRotationKey { get; set; } = "";

    /// <summary>Makes the nonces of DPoP proofs: 64 hex digits. Default: follows from <see cref="JwtSecret"/>, so that nonces outlive a restart.</summary>
    [Variable("PDS_DPOP_SECRET", OfficialDefault = "random, new at each start")]
    public string? DpopSecret { get; set; }
}
