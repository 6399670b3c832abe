using Pds.Application.Blobs;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>
/// Lets clients put back a profile as they found it where its pictures are references of the legacy form, which nobody may write any more: they become
/// typed ones. Nothing else is upgraded.
/// </summary>
internal sealed class ProfileUpgrade(IRecordStore records, IBlobIndex blobs)
{
    private const string Collection = "app.bsky.actor.profile";
    private static readonly string[] Pictures = ["avatar", "banner"];

    /// <summary>The record to write in place of the one that was sent; mostly the very same.</summary>
    /// <param name="did">Whose.</param>
    /// <param name="path">Where it is to go.</param>
    /// <param name="record">The record as sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">BlobNotFound: the server does not have the picture, so its size is not known.</exception>
    public async ValueTask<DataMap> ApplyAsync(Did did, RecordPath path, DataMap record, CancellationToken cancellationToken)
    {
        if (path.Collection.ToString() != Collection || !record.ContainsLegacyBlob() || await records.FindAsync(did, path, cancellationToken) is null)
        {
            return record;
        }

        foreach (string key in Pictures)
        {
            if (record.GetLegacyBlob(key) is { } legacy)
            {
                BlobEntry entry = await blobs.FindAsync(did, legacy.Cid, cancellationToken) is { TakedownRef: null } found
                    ? found
                    : throw new XrpcException(BlobErrors.BlobNotFound, $"Could not find blob: {legacy.Cid}");
                record = record.WithBlob(key, legacy with { Size = entry.Size });
            }
        }

        return record;
    }
}
