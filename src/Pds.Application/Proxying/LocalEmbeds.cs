using System.Text.Json.Nodes;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;

namespace Pds.Application.Proxying;

/// <summary>Shows what is embedded in posts, as far as it can be told without the AppView's index; quoted records come from the AppView itself.</summary>
internal sealed class LocalEmbeds(AppViewReader appView, ProxyingSettings proxying, ServerSettings server)
{
    private const string Images = "app.bsky.embed.images";
    private const string External = "app.bsky.embed.external";
    private const string Quote = "app.bsky.embed.record";
    private const string QuoteWithMedia = "app.bsky.embed.recordWithMedia";

    /// <summary>The view of an embed; <see langword="null"/> for a kind that only the AppView can show.</summary>
    public async Task<JsonObject?> ShowAsync(JsonObject embed, Did did, CancellationToken cancellationToken)
    {
        switch (TypeOf(embed))
        {
            case Quote:
                return await ShowQuoteAsync(embed, cancellationToken);
            case QuoteWithMedia when embed["media"] is JsonObject media && embed["record"] is JsonObject quote && ShowMedia(media, did) is { } shown:
                return View(QuoteWithMedia, ("record", await ShowQuoteAsync(quote, cancellationToken)), ("media", shown));
            default:
                return ShowMedia(embed, did);
        }
    }

    private JsonObject? ShowMedia(JsonObject embed, Did did) => TypeOf(embed) switch
    {
        Images => View(Images, ("images", new JsonArray([.. embed["images"]!.AsArray().Select(image => ShowImage(image!.AsObject(), did))]))),
        External => View(External, ("external", ShowExternal(embed["external"]!.AsObject(), did))),
        _ => null,
    };

    private JsonObject ShowImage(JsonObject image, Did did)
    {
        JsonObject view = new()
        {
            ["thumb"] = LocalViewer.ImageUrl(proxying, server, "feed_thumbnail", did, image["image"]),
            ["fullsize"] = LocalViewer.ImageUrl(proxying, server, "feed_fullsize", did, image["image"]),
            ["alt"] = image["alt"]?.DeepClone() ?? "",
        };
        if (image["aspectRatio"] is { } ratio)
        {
            view["aspectRatio"] = ratio.DeepClone();
        }

        return view;
    }

    private JsonObject ShowExternal(JsonObject external, Did did)
    {
        JsonObject view = new()
        {
            ["uri"] = external["uri"]!.DeepClone(),
            ["title"] = external["title"]!.DeepClone(),
            ["description"] = external["description"]!.DeepClone(),
        };
        if (LocalViewer.ImageUrl(proxying, server, "feed_thumbnail", did, external["thumb"]) is { } thumb)
        {
            view["thumb"] = thumb;
        }

        return view;
    }

    private async Task<JsonObject> ShowQuoteAsync(JsonObject quote, CancellationToken cancellationToken)
    {
        string uri = quote["record"]!["uri"]!.GetValue<string>();
        JsonObject shown = await appView.FindRecordAsync(uri, cancellationToken)
            ?? new JsonObject { ["$type"] = $"{Quote}#viewNotFound", ["uri"] = uri, ["notFound"] = true };
        return View(Quote, ("record", shown));
    }

    private static string? TypeOf(JsonObject embed) => embed["$type"]?.GetValue<string>();

    private static JsonObject View(string type, params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        JsonObject view = new() { ["$type"] = $"{type}#view" };
        foreach ((string name, JsonNode value) in members)
        {
            view[name] = value;
        }

        return view;
    }
}
