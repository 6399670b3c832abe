using System.Text.Json.Nodes;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories.Mst;

namespace Pds.Application.Proxying;

/// <summary>What an account wrote here that an AppView has not seen yet, oldest first.</summary>
/// <param name="Records">At most ten records of any kind.</param>
internal sealed record LocalChanges(IReadOnlyList<LocalRecord> Records)
{
    private const string ProfilePath = "app.bsky.actor.profile/self";
    private const string PostPrefix = "app.bsky.feed.post/";
    private const string LikePrefix = "app.bsky.feed.like/";

    /// <summary>The account's profile, if it changed.</summary>
    public LocalRecord? Profile => Records.FirstOrDefault(record => record.Path == ProfilePath);

    /// <summary>New posts.</summary>
    public IEnumerable<LocalRecord> Posts => Records.Where(record => record.Path.StartsWith(PostPrefix, StringComparison.Ordinal));

    /// <summary>New likes.</summary>
    public IEnumerable<LocalRecord> Likes => Records.Where(record => record.Path.StartsWith(LikePrefix, StringComparison.Ordinal));
}

/// <summary>A record of this server.</summary>
/// <param name="Uri">Where it is.</param>
/// <param name="Path"><c>collection/rkey</c>.</param>
/// <param name="Cid">Its CID.</param>
/// <param name="IndexedAt">When it was written here.</param>
/// <param name="Value">The content, as JSON; copied before it is used in another document.</param>
internal sealed record LocalRecord(string Uri, string Path, Cid Cid, DateTimeOffset IndexedAt, JsonObject Value);

/// <summary>Finds what changed in a repository, along those nodes of its tree that are new.</summary>
internal sealed class LocalChangesReader(IRepositoryStore repositories)
{
    private const int MaxRecords = 10;
    private const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>An AppView that is further behind than this has worse problems than a missing post.</summary>
    private const int MaxSteps = 2000;

    /// <summary>What was written after a revision; <see langword="null"/> when there is nothing, too much, or no record that is older.</summary>
    /// <remarks>Without an older record the revision is likely of another server, from which the account moved here.</remarks>
    public async Task<LocalChanges?> FindAsync(Did did, Tid since, CancellationToken cancellationToken)
    {
        if (await repositories.FindHeadAsync(did, cancellationToken) is not { } head || head.Rev <= since)
        {
            return null;
        }

        await using IRepositorySnapshot? snapshot = await repositories.OpenSnapshotAsync(did, cancellationToken);
        return snapshot is null ? null : Find(snapshot, did, since);
    }

    private static LocalChanges? Find(IRepositorySnapshot snapshot, Did did, Tid since)
    {
        List<SnapshotRecord> newer = new(MaxRecords + 1);
        bool hasOlder = false;
        int steps = 0;
        foreach (MstStep step in snapshot.Tree.WalkNewer(since))
        {
            if (++steps > MaxSteps)
            {
                return null;
            }

            // A new node lists old records as well.
            if (step.Entry is { } entry && snapshot.FindVersion(entry.Path) is { } version)
            {
                hasOlder |= version.Rev <= since;
                if (version.Rev > since)
                {
                    AddOldest(newer, version);
                }
            }
        }

        hasOlder = hasOlder || (newer.Count > 0 && snapshot.ReadRecords().Any(record => record.Rev <= since));
        return newer.Count > 0 && hasOlder && newer.Sum(record => record.Cbor.Length) <= MaxBytes
            ? new LocalChanges([.. newer.Select(record => ToLocal(did, record))])
            : null;
    }

    private static void AddOldest(List<SnapshotRecord> oldest, SnapshotRecord record)
    {
        int place = oldest.FindLastIndex(other => other.Rev.Value <= record.Rev.Value) + 1;
        oldest.Insert(place, record);
        if (oldest.Count > MaxRecords)
        {
            oldest.RemoveAt(MaxRecords);
        }
    }

    private static LocalRecord ToLocal(Did did, SnapshotRecord record) => new(
        $"at://{did}/{record.Path}",
        record.Path,
        record.Cid,
        DateTimeOffset.FromUnixTimeMilliseconds(record.Rev.UnixMicroseconds / 1000),    // as exact as it is shown, so that shown times compare
        JsonNode.Parse(DataMap.FromTrustedCbor(record.Cbor).ToJson())!.AsObject());
}
