using System.Data.Common;
using System.Security.Cryptography;
using Pds.Application.Server;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Crypto;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>Stops a start with another rotation key than the one that the stored signing keys were sealed with.</summary>
internal sealed class SealedKeysStart(KeyVault vault) : IDatabaseStart
{
    public void Check(DbConnection connection, SchemaHistory history)
    {
        bool opens = ServerCheckRow.Read(connection, history) is { } kept
            ? CryptographicOperations.FixedTimeEquals(kept, vault.CheckValue)
            : FindSealed(connection, history) is not { } stored || Opens(stored.Envelope, stored.Owner);
        if (!opens)
        {
            throw new StartRefusedException(
                $"The rotation key of the settings does not open the signing keys in {connection.DataSource}. They were sealed with another key; accounts made with this one would be broken for good. "
                + "Put the key that this server had into PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX (64 hex digits, from your copy of the environment file).");
        }
    }

    public void Apply(DbConnection connection, SqlDialect dialect) => ServerCheckRow.Keep(connection, vault.CheckValue);

    private bool Opens(byte[] envelope, Did owner)
    {
        try
        {
            CryptographicOperations.ZeroMemory(vault.Open(envelope, owner));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>One sealed key, of a database that has no check value yet.</summary>
    private static (byte[] Envelope, Did Owner)? FindSealed(DbConnection connection, SchemaHistory history)
    {
        if (history.IsEmpty)
        {
            return null;
        }

        using DbCommand command = connection.Prepare($"""
            SELECT signing_key, did FROM {AccountRow.Table}
            UNION ALL SELECT signing_key, coalesce(did, public_key) FROM {ReservedKeyRow.Table}
            LIMIT 1
            """);
        using DbDataReader row = command.ExecuteReader();
        return row.Read() ? ((byte[])row[0], Did.Parse(row.GetString(1))) : null;
    }
}
