using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Blobs;
using Pds.Application.DependencyInjection;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.DependencyInjection;
using Pds.Infrastructure.Persistence;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Where a server keeps its data.</summary>
public static class StoreChoices
{
    /// <summary>Keeps everything but blobs in one SQLite database. The default: <c>pds.sqlite</c> in the data directory.</summary>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    /// <param name="connectionString">Such as <c>Data Source=pds.db</c>.</param>
    /// <param name="durability">What an acknowledged write survives.</param>
    public static PdsBuilder UseSqlite(this PdsBuilder builder, string connectionString, SqliteDurability durability = SqliteDurability.PowerLoss)
    {
        builder.Services.Configure<SqliteChoice>(choice =>
        {
            choice.ConnectionString = connectionString;
            choice.Durability = durability;
        });
        return builder;
    }

    /// <summary>Keeps blobs as files, laid out as by the official server. The default: <c>blobs</c> in the data directory.</summary>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    /// <param name="directory">The directory; made when it is not there.</param>
    public static PdsBuilder UseFileBlobs(this PdsBuilder builder, string directory)
    {
        builder.Services.PostConfigure<PdsOptions>(options => options.Storage.BlobDirectory = directory);
        builder.Services.Replace(ServiceDescriptor.Singleton<IBlobStore, FileBlobStore>());
        return builder;
    }
}
