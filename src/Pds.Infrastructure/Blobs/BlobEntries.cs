using Pds.Infrastructure.Repositories;

namespace Pds.Infrastructure.Blobs;

/// <summary>A change of the blob tables that nobody else hears of.</summary>
/// <typeparam name="TResult">What the change finds out on its way.</typeparam>
internal sealed class BlobTableEntry<TResult>(Func<BlobWriter, TResult> change) : LogEntry
{
    private const int AboutOneRow = 256;

    /// <summary>Set once the entry was written.</summary>
    public TResult? Result { get; private set; }

    public override int Weight => AboutOneRow;

    public override void Write(CommitWriter writer) => Result = change(writer.Blobs);
}

/// <summary>Short forms of appending.</summary>
internal static class BlobTableWrites
{
    /// <summary>Changes the blob tables in one transaction.</summary>
    /// <returns>What the change found out, once it is durable.</returns>
    public static async Task<TResult> WriteBlobsAsync<TResult>(this CommitLog log, Func<BlobWriter, TResult> change)
    {
        var entry = new BlobTableEntry<TResult>(change);
        await log.AppendAsync(entry);
        return entry.Result!;
    }
}
