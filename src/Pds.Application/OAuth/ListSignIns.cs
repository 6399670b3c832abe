using System.Net;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.OAuth;

/// <summary>Lists where the caller is signed in: browsers, and programs that were given a password.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="DeviceId">The browser that asks.</param>
public sealed record ListSignInsQuery(Caller Caller, string DeviceId) : IQuery<ListSignInsOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full;
}

/// <summary>Where the caller is signed in.</summary>
/// <param name="Browsers">Browsers that remember the account, latest first.</param>
/// <param name="Sessions">Sessions that began with a password, latest first.</param>
public sealed record ListSignInsOutput(IReadOnlyList<SignedInBrowser> Browsers, IReadOnlyList<PasswordSession> Sessions);

/// <summary>A browser that remembers an account.</summary>
/// <param name="DeviceId">The browser.</param>
/// <param name="UserAgent">What it calls itself.</param>
/// <param name="Address">From where it last came.</param>
/// <param name="LastSeenAt">When it last came, to within some minutes.</param>
/// <param name="SignedInAt">When the password was given.</param>
/// <param name="IsCurrent">Whether it is the one that asks.</param>
public sealed record SignedInBrowser(string DeviceId, string? UserAgent, IPAddress? Address, DateTimeOffset LastSeenAt, DateTimeOffset SignedInAt, bool IsCurrent);

/// <summary>A session of a program.</summary>
/// <param name="Id">The session as it is now; it changes when the program renews it.</param>
/// <param name="AppPasswordName">The app password it began with; <see langword="null"/> for the account password.</param>
/// <param name="RenewedAt">When it began or was last renewed.</param>
/// <param name="ExpiresAt">When it ends if it is not renewed.</param>
public sealed record PasswordSession(string Id, string? AppPasswordName, DateTimeOffset RenewedAt, DateTimeOffset ExpiresAt);

internal sealed class ListSignInsHandler(IDeviceStore devices, ISessionStore sessions, TimeProvider time) : IRequestHandler<ListSignInsQuery, ListSignInsOutput>
{
    public async Task<ListSignInsOutput> Handle(ListSignInsQuery query, CancellationToken cancellationToken)
    {
        Did did = query.Caller.Account!.Value;
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<(Device Device, DateTimeOffset SignedInAt)> browsers = await devices.ListBrowsersAsync(did, cancellationToken);
        IReadOnlyList<RefreshToken> tokens = await sessions.ListAsync(did, cancellationToken);
        return new ListSignInsOutput(
            [.. browsers.Select(browser => Describe(browser.Device, browser.SignedInAt, query.DeviceId)).OrderByDescending(browser => browser.LastSeenAt)],
            [.. tokens.Where(token => token.NextId is null && token.ExpiresAt > now).OrderByDescending(token => token.ExpiresAt).Select(Describe)]);
    }

    private static SignedInBrowser Describe(Device device, DateTimeOffset signedInAt, string current) =>
        new(device.Id, device.UserAgent, device.Address, device.LastSeenAt, signedInAt, device.Id == current);

    private static PasswordSession Describe(RefreshToken token) => new(token.Id, token.AppPasswordName, token.ExpiresAt - SessionTokens.RefreshLifetime, token.ExpiresAt);
}
