using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Identity;

/// <summary>The rules by which the directory accepts an operation after those it has.</summary>
public static class PlcLog
{
    /// <summary>How long after an operation a stronger key may still undo it.</summary>
    public static readonly TimeSpan RecoveryWindow = TimeSpan.FromHours(72);

    /// <summary>The operation that counts: the last one that nobody undid. <see langword="null"/> for an empty log.</summary>
    public static PlcLogEntry? FindLast(IReadOnlyList<PlcLogEntry> log) => log.LastOrDefault(entry => !entry.Nullified);

    /// <summary>Adds an operation to the log of a DID.</summary>
    /// <param name="log">All operations so far in order of acceptance, undone ones included; empty for a new DID.</param>
    /// <param name="did">Whose log it is.</param>
    /// <param name="operation">The new operation.</param>
    /// <param name="now">When it arrived.</param>
    /// <param name="verifier">Checks the signatures.</param>
    /// <returns>The new log: the operation at its end, and what it undid marked so.</returns>
    /// <exception cref="PlcException">The operation is refused.</exception>
    public static IReadOnlyList<PlcLogEntry> Append(
        IReadOnlyList<PlcLogEntry> log, Did did, PlcOperation operation, DateTimeOffset now, IVerifier verifier)
    {
        if (PlcLimits.FindFault(operation) is { } fault)
        {
            throw new PlcException(fault);
        }

        PlcLogEntry accepted = new(operation, now, Nullified: false);
        if (log.Count == 0)
        {
            RequireGenesis(did, operation, verifier);
            return [accepted];
        }

        RequireRate(log, now);
        HashSet<Cid> undone = FindUndone([.. log.Where(entry => !entry.Nullified)], operation, now, verifier);
        return [.. log.Select(entry => undone.Contains(entry.Operation.Cid) ? entry with { Nullified = true } : entry), accepted];
    }

    private static void RequireGenesis(Did did, PlcOperation operation, IVerifier verifier)
    {
        if (!operation.IsGenesis || operation.Data is not { } data)
        {
            throw new PlcException("The first operation on a DID must be a genesis.");
        }

        RequireSigner(data.RotationKeys, operation, verifier);
        if (operation.DeriveDid() != did)
        {
            throw new PlcException("The DID is not the hash of its genesis.");
        }
    }

    /// <summary>Checks an operation against the line of those that count, and tells which of them it undoes.</summary>
    private static HashSet<Cid> FindUndone(IReadOnlyList<PlcLogEntry> line, PlcOperation operation, DateTimeOffset now, IVerifier verifier)
    {
        int prev = operation.Prev is { } cid ? IndexOf(line, cid) : -1;
        if (prev < 0 || line[prev].Operation.Data is not { } state)
        {
            throw new PlcException("The field prev must name an operation of this DID that counts and is no tombstone.");
        }

        if (prev == line.Count - 1)
        {
            RequireSigner(state.RotationKeys, operation, verifier);
            return [];
        }

        PlcLogEntry disputed = line[prev + 1];
        int disputedBy = RequireSigner(state.RotationKeys, disputed.Operation, verifier);
        RequireSigner([.. state.RotationKeys.Take(disputedBy)], operation, verifier);
        if (now - disputed.CreatedAt > RecoveryWindow)
        {
            throw new PlcException("The operation to be undone is older than 72 hours.");
        }

        return [.. line.Skip(prev + 1).Select(entry => entry.Operation.Cid)];
    }

    /// <summary>The index of the key that signed an operation.</summary>
    private static int RequireSigner(IReadOnlyList<string> keys, PlcOperation operation, IVerifier verifier)
    {
        for (int i = 0; i < keys.Count; i++)
        {
            if (PublicKey.TryParseDidKey(keys[i], out PublicKey? key) && operation.IsSignedBy(key, verifier))
            {
                return i;
            }
        }

        throw new PlcException("The signature is not of a rotation key that may sign this operation.");
    }

    private static void RequireRate(IReadOnlyList<PlcLogEntry> log, DateTimeOffset now)
    {
        foreach ((TimeSpan window, int operations, string name) in PlcLimits.Rates)
        {
            if (log.Count(entry => now - entry.CreatedAt < window) >= operations)
            {
                throw new PlcException($"There were {operations} operations on this DID within one {name} already.");
            }
        }
    }

    private static int IndexOf(IReadOnlyList<PlcLogEntry> line, Cid cid)
    {
        for (int i = 0; i < line.Count; i++)
        {
            if (line[i].Operation.Cid == cid)
            {
                return i;
            }
        }

        return -1;
    }
}
