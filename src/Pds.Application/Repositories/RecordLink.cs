using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Application.Repositories;

/// <summary>What a record of a few collections points at; a repository should hold one such record for each target.</summary>
public static class RecordLink
{
    /// <summary>
    /// The target: <c>subject</c> of a follow or block, <c>subject.uri</c> of a like or repost; <see langword="null"/> for every other
    /// collection and for records without it.
    /// </summary>
    public static string? Of(Nsid collection, DataMap record) => collection.ToString() switch
    {
        "app.bsky.graph.follow" or "app.bsky.graph.block" => record.GetText("subject"),
        "app.bsky.feed.like" or "app.bsky.feed.repost" => record.GetMap("subject")?.GetText("uri"),
        _ => null,
    };
}
