using System.Net;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Keeps the browsers in which accounts are not asked for a second factor.</summary>
public interface ITrustedBrowserStore
{
    /// <summary>Whether a browser is trusted at a time.</summary>
    ValueTask<bool> IsTrustedAsync(Did did, string deviceId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Trusts a browser from now on; one that is not known any more stays unknown.</summary>
    /// <param name="proof">What the sign-in in it was judged by, second factor included.</param>
    /// <param name="deviceId">The browser.</param>
    /// <param name="now">From when on.</param>
    /// <param name="until">Until when.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when the proof does not hold any more.</exception>
    Task TrustAsync(SignInProof proof, string deviceId, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>The browsers that an account trusts at a time, latest first.</summary>
    ValueTask<IReadOnlyList<TrustedBrowser>> ListAsync(Did did, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends the trust in a browser, or in all of them.</summary>
    /// <param name="did">Whose trust.</param>
    /// <param name="deviceId">The browser; <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task DistrustAsync(Did did, string? deviceId, CancellationToken cancellationToken);
}

/// <summary>A browser in which an account is not asked for a second factor.</summary>
/// <param name="DeviceId">The browser.</param>
/// <param name="UserAgent">What it calls itself.</param>
/// <param name="Address">From where it came last.</param>
/// <param name="LastSeenAt">When it was here last.</param>
/// <param name="TrustedAt">Since when.</param>
/// <param name="TrustedUntil">Until when.</param>
public sealed record TrustedBrowser(
    string DeviceId, string? UserAgent, IPAddress? Address, DateTimeOffset LastSeenAt, DateTimeOffset TrustedAt, DateTimeOffset TrustedUntil);
