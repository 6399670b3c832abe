using FluentStorage.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Blobs;
using Pds.Application.DependencyInjection;
using Pds.Infrastructure.FluentStorage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps the blobs of a server in a store that FluentStorage reaches.</summary>
public static class PdsFluentStorage
{
    /// <summary>
    /// Keeps blobs in a store of FluentStorage: Azure, Google Cloud, SFTP and others, each with its own package. Keys are the official server's:
    /// <c>blocks/&lt;did&gt;/&lt;cid&gt;</c>, <c>tmp/&lt;did&gt;/&lt;key&gt;</c>, <c>quarantine/&lt;did&gt;/&lt;cid&gt;</c>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// FluentStorage can neither rename an object nor force it to the disk, so less is promised than by <c>UseFileBlobs</c> and <c>UseS3Blobs</c>. After a loss
    /// of power an acknowledged upload may be missing or cut short where the provider answers before the bytes are safe; its disk provider does. A move that
    /// was interrupted leaves the object in both places, or in part; asked for again it completes. A blob that is replaced cannot be read for a moment.
    /// </para>
    /// <para>
    /// For one server process only: the moves of two processes could cross, and one would delete what the other has just copied. Time limits are the
    /// provider's. Memory use is the provider's, too; that of this adapter does not depend on the size of a blob.
    /// </para>
    /// </remarks>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    /// <param name="open">Opens the store, once; the server disposes of it. Such as <c>_ => StorageFactory.FromConnectionString("…")</c>.</param>
    public static PdsBuilder UseFluentStorage(this PdsBuilder builder, Func<IServiceProvider, IStore> open)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton<IBlobStore>(services => new FluentStorageBlobStore(open(services))));
        return builder;
    }
}
