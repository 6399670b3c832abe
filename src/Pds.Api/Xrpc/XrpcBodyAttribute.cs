using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Pds.Api.Xrpc;

/// <summary>The input of a procedure: a record read from JSON, or a <see cref="Stream"/> for raw bodies. Limits hold for the decoded body.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class XrpcBodyAttribute : Attribute, IBindingSourceMetadata
{
    /// <summary>Limit of JSON that has no other, in bytes.</summary>
    public const long DefaultMaxBytes = 153_600;

    /// <summary>Limit of methods that write records, in bytes.</summary>
    public const long RecordMaxBytes = 1_000_000;

    /// <summary>Largest body in bytes, decoded. Default <see cref="DefaultMaxBytes"/>. Of no effect where <see cref="Limit"/> says otherwise.</summary>
    public long MaxBytes { get; set; } = DefaultMaxBytes;

    /// <summary>Takes the limit from the settings instead.</summary>
    public XrpcBodyLimit Limit { get; set; }

    /// <summary>The media type of the lexicon; <c>*/*</c> takes any. Default <c>application/json</c>.</summary>
    public string ContentType { get; set; } = "application/json";

    BindingSource IBindingSourceMetadata.BindingSource => BindingSource.Body;
}

/// <summary>Where the limit of a body comes from.</summary>
public enum XrpcBodyLimit
{
    /// <summary><see cref="XrpcBodyAttribute.MaxBytes"/>.</summary>
    MaxBytes,

    /// <summary><see cref="Application.Settings.BlobSettings.UploadLimit"/>.</summary>
    BlobUpload,

    /// <summary><see cref="Application.Settings.RepositorySettings.MaxImportSize"/>.</summary>
    RepoImport,
}
