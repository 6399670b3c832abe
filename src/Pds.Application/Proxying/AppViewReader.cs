using System.Text.Json.Nodes;
using Pds.Domain.Identifiers;

namespace Pds.Application.Proxying;

/// <summary>Asks an AppView, in the name of an account, for what is needed to complete an answer.</summary>
/// <param name="calls">Signs and sends.</param>
/// <param name="issuer">The account.</param>
/// <param name="endpoint">Base address of the AppView.</param>
/// <param name="audience">Audience of tokens for it.</param>
internal sealed class AppViewReader(SignedCalls calls, Did issuer, Uri endpoint, string audience)
{
    private const string QuotedPost = "app.bsky.embed.record#viewRecord";

    private static readonly Nsid GetPosts = Nsid.Parse("app.bsky.feed.getPosts");
    private static readonly Nsid GetFeedGenerator = Nsid.Parse("app.bsky.feed.getFeedGenerator");
    private static readonly Nsid GetList = Nsid.Parse("app.bsky.graph.getList");

    /// <summary>The view of a record to be embedded; <see langword="null"/> when there is none.</summary>
    public async Task<JsonObject?> FindRecordAsync(string uri, CancellationToken cancellationToken)
    {
        string parameter = Uri.EscapeDataString(uri);
        switch (AtUri.TryParse(uri, out AtUri parsed) ? parsed.Collection?.ToString() : null)
        {
            case "app.bsky.feed.post":
                return (await QueryAsync(GetPosts, $"?uris={parameter}", cancellationToken))?["posts"]?.AsArray().FirstOrDefault() is JsonObject post ? Quote(post) : null;
            case "app.bsky.feed.generator":
                return Typed((await QueryAsync(GetFeedGenerator, $"?feed={parameter}", cancellationToken))?["view"], "app.bsky.feed.defs#generatorView");
            case "app.bsky.graph.list":
                return Typed((await QueryAsync(GetList, $"?list={parameter}&limit=1", cancellationToken))?["list"], "app.bsky.graph.defs#listView");
            default:
                return null;
        }
    }

    /// <summary>The answer to a query; <see langword="null"/> when it is a refusal, or no JSON object.</summary>
    public async Task<JsonObject?> QueryAsync(Nsid method, string query, CancellationToken cancellationToken)
    {
        var call = new ServiceCall(HttpMethod.Get, SignedCalls.AddressOf(endpoint, method, query)) { Headers = [new("accept-encoding", "identity")] };
        await using ServiceAnswer answer = await calls.SendAsync(call, issuer, audience, method, cancellationToken);
        return answer.Status == 200 && await AnswerBody.ReadDecodedAsync(answer, AnswerJson.MaxBytes, cancellationToken) is { } body
            ? AnswerJson.Parse(body)
            : null;
    }

    private static JsonObject Quote(JsonObject post)
    {
        JsonObject quote = new() { ["$type"] = QuotedPost };
        foreach ((string name, string source) in new[] { ("uri", "uri"), ("cid", "cid"), ("author", "author"), ("value", "record"), ("labels", "labels"), ("indexedAt", "indexedAt") })
        {
            if (post[source] is { } value)
            {
                quote[name] = value.DeepClone();
            }
        }

        if (post["embed"] is { } embed)
        {
            quote["embeds"] = new JsonArray(embed.DeepClone());
        }

        return quote;
    }

    private static JsonObject? Typed(JsonNode? view, string type)
    {
        if (view is not JsonObject found)
        {
            return null;
        }

        var typed = found.DeepClone().AsObject();
        typed["$type"] = type;
        return typed;
    }
}
