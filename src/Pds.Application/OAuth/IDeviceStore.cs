using System.Net;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Application.OAuth;

/// <summary>Keeps browsers, and who is signed in there.</summary>
public interface IDeviceStore
{
    /// <summary>A browser, or <see langword="null"/>.</summary>
    ValueTask<Device?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Keeps a browser, new or changed.</summary>
    Task SaveAsync(Device device, CancellationToken cancellationToken);

    /// <summary>Forgets a browser and who is signed in there.</summary>
    Task RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Who is signed in, latest first.</summary>
    ValueTask<IReadOnlyList<DeviceAccount>> ListAccountsAsync(string id, CancellationToken cancellationToken);

    /// <summary>The browsers in which an account is signed in, and since when.</summary>
    ValueTask<IReadOnlyList<(Device Device, DateTimeOffset SignedInAt)>> ListBrowsersAsync(Did did, CancellationToken cancellationToken);

    /// <summary>Remembers a sign-in.</summary>
    /// <param name="id">The browser; one that is not known any more stays unknown.</param>
    /// <param name="proof">What the sign-in was judged by.</param>
    /// <param name="signedInAt">When the password was given.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when the proof does not hold any more.</exception>
    Task RememberAsync(string id, SignInProof proof, DateTimeOffset signedInAt, CancellationToken cancellationToken);

    /// <summary>Signs an account out, and drops the authorization requests that it signed in to in this browser.</summary>
    Task ForgetAsync(string id, Did did, CancellationToken cancellationToken);
}

/// <summary>A browser, known by its cookies.</summary>
/// <param name="Id"><c>dev-</c> and 32 hex digits.</param>
/// <param name="SecretHash">Digest of the cookie that changes.</param>
/// <param name="PreviousHash">Digest of the one before, good for a few seconds more.</param>
/// <param name="RotatedAt">When the cookie changed.</param>
/// <param name="LastSeenAt">When it was here.</param>
/// <param name="UserAgent">What it calls itself, shortened.</param>
/// <param name="Address">From where it came.</param>
public sealed record Device(
    string Id, string SecretHash, string? PreviousHash, DateTimeOffset RotatedAt, DateTimeOffset LastSeenAt, string? UserAgent, IPAddress? Address);

/// <summary>A sign-in that a browser remembers.</summary>
/// <param name="Did">Whose.</param>
/// <param name="SignedInAt">When the password was given.</param>
public sealed record DeviceAccount(Did Did, DateTimeOffset SignedInAt);

/// <summary>Keeps what accounts have granted to clients.</summary>
public interface IConsentStore
{
    /// <summary>The scope that was granted, or <see langword="null"/>.</summary>
    ValueTask<string?> FindAsync(Did did, string clientId, CancellationToken cancellationToken);

    /// <summary>Keeps what was granted, in place of what was before.</summary>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when the proof does not hold any more.</exception>
    Task SaveAsync(SignInProof proof, string clientId, string scope, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets what was granted, if anything was.</summary>
    Task RemoveAsync(Did did, string clientId, CancellationToken cancellationToken);
}
