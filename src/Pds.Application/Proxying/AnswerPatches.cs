using System.Globalization;
using System.Text.Json.Nodes;
using Pds.Domain.Identifiers;

namespace Pds.Application.Proxying;

/// <summary>Puts what an account wrote into answers that do not have it yet (spec 04 §8). Whatever throws here leaves the answer as it was.</summary>
/// <param name="did">The account.</param>
/// <param name="changes">What it wrote.</param>
/// <param name="viewer">Shows it.</param>
/// <param name="likes">Shows what it likes.</param>
internal sealed class AnswerPatches(string did, LocalChanges changes, LocalViewer viewer, LocalLikes likes)
{
    /// <summary>The method of threads, whose refusal is completed, too.</summary>
    public const string GetPostThread = "app.bsky.feed.getPostThread";

    private const string ThreadPost = "app.bsky.feed.defs#threadViewPost";
    private const string Repost = "app.bsky.feed.defs#reasonRepost";

    /// <summary>How the answer of each method is completed.</summary>
    private static readonly Dictionary<string, Patch> Patches = new(StringComparer.Ordinal)
    {
        ["app.bsky.actor.getProfile"] = (own, body, _, _) => Task.FromResult(own.PatchProfiles([body])),
        ["app.bsky.actor.getProfiles"] = (own, body, _, _) => Task.FromResult(own.PatchProfiles(Objects(body, "profiles"))),
        ["app.bsky.feed.getActorLikes"] = (own, body, isOwnFirstPage, cancellationToken) => own.PatchLikesAsync(body, isOwnFirstPage, cancellationToken),
        ["app.bsky.feed.getAuthorFeed"] = (own, body, _, cancellationToken) => own.PatchAuthorFeedAsync(body, cancellationToken),
        ["app.bsky.feed.getTimeline"] = (own, body, _, cancellationToken) => own.PatchTimelineAsync(body, cancellationToken),
        [GetPostThread] = (own, body, _, cancellationToken) => own.PatchThreadAsync(body, cancellationToken),
    };

    private delegate Task<bool> Patch(AnswerPatches own, JsonObject body, bool isOwnFirstPage, CancellationToken cancellationToken);

    /// <summary>Methods whose answers are completed.</summary>
    public static IReadOnlyCollection<string> Methods => Patches.Keys;

    /// <summary>Whether answers of a method are completed.</summary>
    public static bool AppliesTo(Nsid method) => Patches.ContainsKey(method.ToString());

    /// <summary>Completes an answer.</summary>
    /// <param name="method">The method that gave it.</param>
    /// <param name="body">The answer.</param>
    /// <param name="isOwnFirstPage">Whether the account asked about itself, and for the newest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether anything changed.</returns>
    public Task<bool> ApplyAsync(Nsid method, JsonObject body, bool isOwnFirstPage, CancellationToken cancellationToken) =>
        Patches.TryGetValue(method.ToString(), out Patch? patch) ? patch(this, body, isOwnFirstPage, cancellationToken) : Task.FromResult(false);

    /// <summary>The thread of a post that the AppView does not know; <see langword="null"/> when it is not among the changes.</summary>
    public async Task<JsonObject?> ShowThreadAsync(string uri, CancellationToken cancellationToken)
    {
        if (changes.Posts.FirstOrDefault(post => post.Uri == uri) is not { } found)
        {
            return null;
        }

        JsonObject thread = await ShowInThreadAsync(found, cancellationToken);
        await ReplyAsync(thread, changes.Posts.Where(post => post != found), cancellationToken);
        return thread;
    }

    private bool PatchProfiles(List<JsonObject> profiles)
    {
        List<JsonObject> own = changes.Profile is null ? [] : profiles.FindAll(profile => TextOf(profile, "did") == did);
        own.ForEach(profile => viewer.PatchProfile(profile, isDetailed: true));
        return own.Count > 0;
    }

    private async Task<bool> PatchLikesAsync(JsonObject body, bool isOwnFirstPage, CancellationToken cancellationToken) =>
        likes.Mark(PostsOf(body))
            | (isOwnFirstPage && await likes.InsertAsync(body["feed"]!.AsArray(), cancellationToken))
            | PatchAuthors(Objects(body, "feed"));

    private async Task<bool> PatchAuthorFeedAsync(JsonObject body, CancellationToken cancellationToken) =>
        likes.Mark(PostsOf(body)) | await PatchOwnFeedAsync(body, cancellationToken);

    private async Task<bool> PatchTimelineAsync(JsonObject body, CancellationToken cancellationToken) =>
        await InsertAsync(body["feed"]!.AsArray(), cancellationToken) | likes.Mark(PostsOf(body));

    private async Task<bool> PatchThreadAsync(JsonObject body, CancellationToken cancellationToken) =>
        body["thread"] is JsonObject thread && IsThreadPost(thread)
            && (await ReplyAsync(thread, changes.Posts, cancellationToken) | likes.Mark(PostsOfThread(thread)));

    private bool PatchAuthors(List<JsonObject> feed)
    {
        List<JsonObject> own = changes.Profile is null ? [] : [.. feed.Select(AuthorOf).Where(author => TextOf(author, "did") == did)];
        own.ForEach(author => viewer.PatchProfile(author, isDetailed: false));
        return own.Count > 0;
    }

    private async Task<bool> PatchOwnFeedAsync(JsonObject body, CancellationToken cancellationToken)
    {
        List<JsonObject> feed = Objects(body, "feed");
        return IsOwnFeed(feed) && (PatchAuthors(feed) | await InsertAsync(body["feed"]!.AsArray(), cancellationToken));
    }

    private bool IsOwnFeed(List<JsonObject> feed) => feed is [var first, ..] && (first["reason"] is JsonObject reason
        ? TextOf(reason, "$type") == Repost && reason["by"] is JsonObject by && TextOf(by, "did") == did
        : TextOf(AuthorOf(first), "did") == did);

    private async Task<bool> InsertAsync(JsonArray feed, CancellationToken cancellationToken)
    {
        DateTimeOffset last = feed.Count == 0 ? DateTimeOffset.MinValue : IndexedAt(feed[^1]!);
        HashSet<string> known = [.. feed.Select(item => item!["post"]!["uri"]!.GetValue<string>())];
        bool changed = false;
        foreach (LocalRecord post in changes.Posts.Where(post => post.IndexedAt > last && !known.Contains(post.Uri)).Reverse())
        {
            JsonObject item = new() { ["post"] = await viewer.ShowPostAsync(post, cancellationToken) };
            int older = 0;
            while (older < feed.Count && IndexedAt(feed[older]!) >= post.IndexedAt)
            {
                older++;
            }

            feed.Insert(older, item);
            changed = true;
        }

        return changed;
    }

    private async Task<bool> ReplyAsync(JsonObject thread, IEnumerable<LocalRecord> posts, CancellationToken cancellationToken)
    {
        string uri = UriOf(thread);
        string? root = RootOf(thread["post"]!["record"]!.AsObject());
        bool changed = false;
        foreach (LocalRecord post in posts)
        {
            if (RootOf(post.Value) is { } replyRoot && (replyRoot == uri || replyRoot == root))
            {
                changed |= await InsertReplyAsync(thread, post, cancellationToken);
            }
        }

        return changed;
    }

    private async Task<bool> InsertReplyAsync(JsonObject thread, LocalRecord post, CancellationToken cancellationToken)
    {
        List<JsonObject> replies = thread["replies"] is null ? [] : Objects(thread, "replies").FindAll(IsThreadPost);
        if (post.Value["reply"]!["parent"]!["uri"]!.GetValue<string>() == UriOf(thread))
        {
            if (replies.Exists(reply => UriOf(reply) == post.Uri))
            {
                return false;
            }

            JsonArray all = thread["replies"] as JsonArray ?? [];
            all.Insert(0, await ShowInThreadAsync(post, cancellationToken));
            thread["replies"] = all;
            return true;
        }

        foreach (JsonObject reply in replies)
        {
            if (await InsertReplyAsync(reply, post, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<JsonObject> ShowInThreadAsync(LocalRecord post, CancellationToken cancellationToken) =>
        new() { ["$type"] = ThreadPost, ["post"] = await viewer.ShowPostAsync(post, cancellationToken) };

    private static bool IsThreadPost(JsonObject node) => TextOf(node, "$type") == ThreadPost && node["post"] is JsonObject;

    private static string UriOf(JsonObject thread) => thread["post"]!["uri"]!.GetValue<string>();

    private static string? RootOf(JsonObject post) => post["reply"]?["root"]?["uri"]?.GetValue<string>();

    private static IEnumerable<JsonObject> PostsOf(JsonObject body) => Objects(body, "feed").Select(item => item["post"]!.AsObject());

    private static IEnumerable<JsonObject> PostsOfThread(JsonObject node) => IsThreadPost(node)
        ? [
            node["post"]!.AsObject(),
            .. node["parent"] is JsonObject parent ? PostsOfThread(parent) : [],
            .. node["replies"] is JsonArray ? Objects(node, "replies").SelectMany(PostsOfThread) : [],
        ]
        : [];

    private static JsonObject AuthorOf(JsonObject item) => item["post"]!["author"]!.AsObject();

    private static DateTimeOffset IndexedAt(JsonNode item) =>
        DateTimeOffset.Parse(item["post"]!["indexedAt"]!.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static List<JsonObject> Objects(JsonObject body, string name) => [.. body[name]!.AsArray().Select(item => item!.AsObject())];

    private static string? TextOf(JsonObject body, string name) => body[name]?.GetValue<string>();
}
