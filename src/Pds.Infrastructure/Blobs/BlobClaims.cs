using Pds.Domain.DataModel;

namespace Pds.Infrastructure.Blobs;

/// <summary>The uploads whose files lie in their permanent place because a commit under way refers to them.</summary>
internal sealed class BlobClaims
{
    /// <summary>For a commit that refers to no temporary blob.</summary>
    public static readonly BlobClaims None = new([]);

    private readonly Dictionary<Cid, string> _keys;

    public BlobClaims(Dictionary<Cid, string> keys) => _keys = keys;

    /// <summary>Whether it was this very upload whose file was moved.</summary>
    public bool IsFor(Cid cid, string key) => _keys.TryGetValue(cid, out string? claimed) && claimed == key;
}
