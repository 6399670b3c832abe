using System.Text.Json.Nodes;
using Pds.Domain.Identifiers;

namespace Pds.Application.Proxying;

/// <summary>Shows that an account likes posts, where the AppView does not know it yet.</summary>
/// <param name="changes">What the account wrote.</param>
/// <param name="appView">Shows liked posts that the answer does not have.</param>
internal sealed class LocalLikes(LocalChanges changes, AppViewReader appView)
{
    private static readonly Nsid GetPosts = Nsid.Parse("app.bsky.feed.getPosts");

    /// <summary>The liked posts with the like of each, newest last.</summary>
    private readonly List<(string Post, string Like)> _likes =
        [.. changes.Likes.Where(like => SubjectOf(like) is not null).Select(like => (SubjectOf(like)!, like.Uri)).DistinctBy(like => like.Item1)];

    /// <summary>Marks liked posts among those of an answer, and counts the like.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Mark(IEnumerable<JsonObject> posts)
    {
        bool changed = false;
        foreach (JsonObject post in _likes.Count == 0 ? [] : posts)
        {
            string? uri = post["uri"]?.GetValue<string>();
            if (_likes.Find(like => like.Post == uri) is not { Like: { } like } || post["viewer"]?["like"] is not null)
            {
                continue;
            }

            JsonObject viewer = post["viewer"] as JsonObject ?? [];
            viewer["like"] = like;
            post["viewer"] = viewer;
            post["likeCount"] = (post["likeCount"]?.GetValue<long>() ?? 0) + 1;
            changed = true;
        }

        return changed;
    }

    /// <summary>Puts posts that were liked a moment ago before those that the AppView lists.</summary>
    /// <param name="feed">The first page of what the account likes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there were any.</returns>
    public async Task<bool> InsertAsync(JsonArray feed, CancellationToken cancellationToken)
    {
        HashSet<string> known = [.. feed.Select(item => item!["post"]!["uri"]!.GetValue<string>())];
        List<(string Post, string Like)> missing = _likes.FindAll(like => !known.Contains(like.Post));
        if (missing.Count == 0)
        {
            return false;
        }

        string query = $"?{string.Join('&', missing.Select(like => $"uris={Uri.EscapeDataString(like.Post)}"))}";
        JsonObject[] posts = [.. (await appView.QueryAsync(GetPosts, query, cancellationToken))?["posts"]?.AsArray().Select(post => post!.AsObject()) ?? []];
        bool changed = false;
        foreach ((string liked, _) in missing)
        {
            if (Array.Find(posts, post => post["uri"]?.GetValue<string>() == liked)?.DeepClone() is JsonObject post)
            {
                Mark([post]);
                feed.Insert(0, new JsonObject { ["post"] = post });
                changed = true;
            }
        }

        return changed;
    }

    private static string? SubjectOf(LocalRecord like) => like.Value["subject"]?["uri"]?.GetValue<string>();
}
