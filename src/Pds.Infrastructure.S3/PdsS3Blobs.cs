using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pds.Application.Blobs;
using Pds.Application.DependencyInjection;
using Pds.Infrastructure.S3;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps the blobs of a server in S3.</summary>
public static class PdsS3Blobs
{
    /// <summary>Keeps blobs in an S3-compatible store, under the same keys as the official server's.</summary>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    /// <param name="configure">Names the bucket and how to reach it.</param>
    public static PdsBuilder UseS3Blobs(this PdsBuilder builder, Action<S3BlobOptions> configure)
    {
        builder.Services.AddOptions<S3BlobOptions>().Configure(configure);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<S3BlobOptions>, S3BlobOptionsValidator>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PdsOptions>, S3BlobFaults>());
        builder.Services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<S3BlobOptions>>().Value);
        builder.Services.Replace(ServiceDescriptor.Singleton<IBlobStore, S3BlobStore>());
        return builder;
    }
}
