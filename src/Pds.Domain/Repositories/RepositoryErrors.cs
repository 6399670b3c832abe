using Pds.Domain.Errors;

namespace Pds.Domain.Repositories;

/// <summary>Refusals of <c>com.atproto.repo.*</c> and of repository reads.</summary>
public static class RepositoryErrors
{
    /// <summary>The repository or record moved on since the version the caller named.</summary>
    public static readonly XrpcError InvalidSwap = new("InvalidSwap", XrpcErrorKind.Invalid);

    /// <summary>No such record.</summary>
    public static readonly XrpcError RecordNotFound = new("RecordNotFound", XrpcErrorKind.Invalid);

    /// <summary>No such repository here.</summary>
    public static readonly XrpcError RepoNotFound = new("RepoNotFound", XrpcErrorKind.Invalid);

    /// <summary>The repository's account is taken down.</summary>
    public static readonly XrpcError RepoTakendown = new("RepoTakendown", XrpcErrorKind.Invalid);

    /// <summary>The repository's account is deactivated.</summary>
    public static readonly XrpcError RepoDeactivated = new("RepoDeactivated", XrpcErrorKind.Invalid);

    /// <summary>A block was asked for that the repository does not hold.</summary>
    public static readonly XrpcError BlockNotFound = new("BlockNotFound", XrpcErrorKind.Invalid);
}
