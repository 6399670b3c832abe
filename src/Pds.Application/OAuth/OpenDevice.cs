using System.Net;
using System.Security.Cryptography;
using System.Text;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Application.Settings;

namespace Pds.Application.OAuth;

/// <summary>Recognises a browser by its cookies (spec 07 §11).</summary>
/// <param name="Id">The cookie that stays; <see langword="null"/> when there is none.</param>
/// <param name="Secret">The cookie that changes.</param>
/// <param name="UserAgent">What the browser calls itself.</param>
/// <param name="Address">Where it is.</param>
/// <param name="MayBeNew">Whether a browser that is not known is taken in: it opens a page. Otherwise it posts, and is kept from then on.</param>
/// <param name="Renew">Whether the cookie that changes has to change now: somebody signed in or out.</param>
public sealed record OpenDeviceCommand(string? Id, string? Secret, string? UserAgent, IPAddress? Address, bool MayBeNew, bool Renew = false) : ICommand<OpenDeviceOutput>, IAnonymousRequest
{
    /// <summary>The browser: its cookie is secret.</summary>
    public override string ToString() => $"{nameof(OpenDeviceCommand)} {Id}";
}

/// <summary>A browser, recognised.</summary>
/// <param name="DeviceId">The browser; <see langword="null"/> when it is not known and may not be new.</param>
/// <param name="NewSecret">What the changing cookie shall be from now on; <see langword="null"/> to leave it.</param>
public sealed record OpenDeviceOutput(string? DeviceId, string? NewSecret)
{
    /// <summary>The browser: its cookie is secret.</summary>
    public override string ToString() => $"{nameof(OpenDeviceOutput)} {DeviceId}";
}

/// <remarks>
/// A browser that only looks at pages is not kept: its first cookie follows from its id and is known again by that. It is kept once it posts something.
/// </remarks>
internal sealed class OpenDeviceHandler(IDeviceStore devices, SecretSettings options, TimeProvider time) : IRequestHandler<OpenDeviceCommand, OpenDeviceOutput>
{
    private const int MaxUserAgent = 256;

    private readonly byte[] _key = HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.JwtSecret), "first cookies"u8);

    public async Task<OpenDeviceOutput> Handle(OpenDeviceCommand command, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        string? agent = command.UserAgent is { Length: > MaxUserAgent } text ? text[..MaxUserAgent] : command.UserAgent;
        if (command is { Id: { } id, Secret: { } secret } && await devices.FindAsync(id, cancellationToken) is { } device)
        {
            string hash = OAuthSecrets.Hash(secret);
            bool isCurrent = OAuthSecrets.AreEqual(device.SecretHash, hash);
            bool isPrevious = device.PreviousHash is { } previous && OAuthSecrets.AreEqual(previous, hash) && now - device.RotatedAt <= OAuthTimes.CookieGrace;
            if (isCurrent && !command.Renew && now - device.RotatedAt < OAuthTimes.CookieRotation && device.UserAgent == agent && Equals(device.Address, command.Address))
            {
                return new OpenDeviceOutput(id, NewSecret: null);
            }

            if (isCurrent || isPrevious)
            {
                return await RotateAsync(device with { UserAgent = agent, Address = command.Address }, now, cancellationToken);
            }

            // Somebody else used the cookie: whoever has the old one starts anew, and so does the other.
            await devices.RemoveAsync(id, cancellationToken);
        }
        else if (command is { Id: { } first, Secret: { } cookie } && OAuthSecrets.AreEqual(cookie, FirstCookie(first)))
        {
            Device visitor = new(first, OAuthSecrets.Hash(cookie), null, now, now, agent, command.Address);
            if (command.Renew)
            {
                return await RotateAsync(visitor, now, cancellationToken);
            }

            if (!command.MayBeNew)
            {
                await devices.SaveAsync(visitor, cancellationToken);
            }

            return new OpenDeviceOutput(first, NewSecret: null);
        }

        if (!command.MayBeNew)
        {
            return new OpenDeviceOutput(null, null);
        }

        string made = OAuthSecrets.NewDeviceId();
        return new OpenDeviceOutput(made, FirstCookie(made));
    }

    private string FirstCookie(string id) => OAuthSecrets.CookieOf(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(id)));

    private async Task<OpenDeviceOutput> RotateAsync(Device device, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string secret = OAuthSecrets.NewCookie();
        Device rotated = device with
        {
            SecretHash = OAuthSecrets.Hash(secret),
            PreviousHash = device.SecretHash.Length == 0 ? null : device.SecretHash,
            RotatedAt = now,
            LastSeenAt = now,
        };
        await devices.SaveAsync(rotated, cancellationToken);
        return new OpenDeviceOutput(device.Id, secret);
    }
}
