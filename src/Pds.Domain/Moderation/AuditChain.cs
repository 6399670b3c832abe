using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pds.Domain.Moderation;

/// <summary>Chains the rows of the audit trail by their hashes: whoever changes, removes or inserts a row has to change all rows after it, and the head shows that.</summary>
/// <remarks>
/// A row's hash is SHA-256 over the hash of the row before (32 zero bytes before the first), the number and the time as 64-bit big-endian integers (the time in
/// milliseconds since 1970), then actor, action, subject, reason and outcome, each as a 32-bit big-endian length in bytes (-1 when absent) and UTF-8.
/// That the last rows were cut off shows only to somebody who has noted a head before. Not safe for concurrent use.
/// </remarks>
public sealed class AuditChain
{
    private static readonly byte[] Origin = new byte[SHA256.HashSizeInBytes];

    private byte[] _head = Origin;

    /// <summary>A chain without rows.</summary>
    public AuditChain()
    {
    }

    /// <summary>A chain that ends in a given row.</summary>
    /// <param name="last">The row.</param>
    public AuditChain(AuditRecord last)
    {
        Count = last.Seq;
        _head = last.Hash.ToArray();
    }

    /// <summary>How many rows it has; also the number of the last.</summary>
    public long Count { get; private set; }

    /// <summary>The hash of the last row, 32 bytes; zeros without rows.</summary>
    public ReadOnlyMemory<byte> Head => _head;

    /// <summary>Makes the next row.</summary>
    public AuditRecord Append(AuditAct act)
    {
        _head = Hash(_head, Count + 1, act);
        return new AuditRecord(++Count, act, _head);
    }

    /// <summary>Goes on by a row that was stored; <see langword="false"/>, and no step further, when it is not the one that follows.</summary>
    public bool TryFollow(AuditRecord stored)
    {
        byte[] expected = Hash(_head, Count + 1, stored.Act);
        if (stored.Seq != Count + 1 || !stored.Hash.Span.SequenceEqual(expected))
        {
            return false;
        }

        _head = expected;
        Count++;
        return true;
    }

    private static byte[] Hash(byte[] previous, long seq, AuditAct act)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        Append(hash, seq);
        Append(hash, act.At.ToUnixTimeMilliseconds());
        foreach (string? text in new[] { act.Actor, act.Action, act.Subject, act.Reason, act.Outcome })
        {
            Append(hash, text);
        }

        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, string? text)
    {
        byte[] utf8 = text is null ? [] : Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : utf8.Length);
        hash.AppendData(length);
        hash.AppendData(utf8);
    }
}
