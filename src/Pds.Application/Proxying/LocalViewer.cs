using System.Globalization;
using System.Text.Json.Nodes;
using Pds.Application.Accounts;
using Pds.Application.Blobs;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;

namespace Pds.Application.Proxying;

/// <summary>Shows an account and its posts as an AppView would, from what lies here.</summary>
/// <param name="account">Whose they are.</param>
/// <param name="profile">Its profile record; <see langword="null"/> when it has none.</param>
/// <param name="embeds">Shows what is embedded in posts.</param>
/// <param name="proxying">Tells where the AppView serves pictures.</param>
/// <param name="server">Serves them otherwise.</param>
internal sealed class LocalViewer(Account account, JsonObject? profile, LocalEmbeds embeds, ProxyingSettings proxying, ServerSettings server)
{
    /// <summary>Puts the profile as it is here into a view of it.</summary>
    /// <param name="view">A view of the account.</param>
    /// <param name="isDetailed">Whether the view has description and banner.</param>
    public void PatchProfile(JsonObject view, bool isDetailed)
    {
        Set(view, "displayName", profile?["displayName"]);
        Set(view, "avatar", ImageOf("avatar"));
        if (isDetailed)
        {
            Set(view, "description", profile?["description"]);
            Set(view, "banner", ImageOf("banner"));
        }
    }

    /// <summary>A post, seen by nobody yet.</summary>
    public async Task<JsonObject> ShowPostAsync(LocalRecord post, CancellationToken cancellationToken)
    {
        JsonObject author = new() { ["did"] = account.Did.ToString(), ["handle"] = account.ShownHandle.ToString() };
        PatchProfile(author, isDetailed: false);
        JsonObject view = new()
        {
            ["uri"] = post.Uri,
            ["cid"] = post.Cid.ToString(),
            ["author"] = author,
            ["record"] = post.Value.DeepClone(),
            ["likeCount"] = 0,
            ["replyCount"] = 0,
            ["repostCount"] = 0,
            ["quoteCount"] = 0,
            ["indexedAt"] = post.IndexedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        };
        if (post.Value["embed"] is JsonObject embed && await embeds.ShowAsync(embed, account.Did, cancellationToken) is { } shown)
        {
            view["embed"] = shown;
        }

        return view;
    }

    /// <summary>Where a picture of an account can be fetched.</summary>
    /// <param name="proxying">Tells where the AppView serves pictures.</param>
    /// <param name="server">Serves them otherwise.</param>
    /// <param name="preset"><c>avatar</c>, <c>banner</c>, <c>feed_thumbnail</c> or <c>feed_fullsize</c>.</param>
    /// <param name="did">Whose.</param>
    /// <param name="blob">The reference to it, or something else.</param>
    public static string? ImageUrl(ProxyingSettings proxying, ServerSettings server, string preset, Did did, JsonNode? blob)
    {
        string? cid = blob is JsonObject reference ? (reference["ref"]?["$link"] ?? reference["cid"])?.GetValue<string>() : null;
        if (cid is null)
        {
            return null;
        }

        if (proxying.AppViewCdnUrlPattern?.Split("%s") is [var start, var afterPreset, var afterDid, var end])
        {
            return $"{start}{preset}{afterPreset}{did}{afterDid}{cid}{end}";
        }

        return $"{server.PublicOrigin}/xrpc/{XrpcMethodAttribute.NsidOf<GetBlobQuery>()}?did={Uri.EscapeDataString(did.ToString())}&cid={cid}";
    }

    private JsonNode? ImageOf(string name) => ImageUrl(proxying, server, name, account.Did, profile?[name]);

    private static void Set(JsonObject view, string name, JsonNode? value)
    {
        if (value is null)
        {
            view.Remove(name);
        }
        else
        {
            view[name] = value.DeepClone();
        }
    }
}
