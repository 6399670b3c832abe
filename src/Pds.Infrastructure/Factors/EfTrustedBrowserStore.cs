using System.Net;
using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Application.Factors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.OAuth;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Factors;

/// <summary>Trusted browsers in the service tables; they go with the browsers.</summary>
internal sealed class EfTrustedBrowserStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, SignIns signIns, AccountCache cache) : ITrustedBrowserStore
{
    public async ValueTask<bool> IsTrustedAsync(Did did, string deviceId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Set<TrustedBrowserRow>().AnyAsync(row => row.Did == did && row.DeviceId == deviceId && row.TrustedUntil > now, cancellationToken);
    }

    public Task TrustAsync(SignInProof proof, string deviceId, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        signIns.Require(context, proof);
        if (!context.Set<DeviceRow>().Any(row => row.Id == deviceId))
        {
            return false; // forgotten in the meantime
        }

        Did did = proof.Account;
        context.Set<TrustedBrowserRow>().Where(row => row.Did == did && (row.DeviceId == deviceId || row.TrustedUntil <= now)).ExecuteDelete();
        context.Add(new TrustedBrowserRow { Did = did, DeviceId = deviceId, TrustedAt = now, TrustedUntil = until });
        return true;
    });

    public async ValueTask<IReadOnlyList<TrustedBrowser>> ListAsync(Did did, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Set<TrustedBrowserRow>().AsNoTracking()
            .Where(trust => trust.Did == did && trust.TrustedUntil > now)
            .OrderByDescending(trust => trust.TrustedAt)
            .Join(context.Set<DeviceRow>(), trust => trust.DeviceId, device => device.Id, (trust, device) => new { Trust = trust, Device = device })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new TrustedBrowser(
            row.Device.Id,
            row.Device.UserAgent,
            IPAddress.TryParse(row.Device.Address, out IPAddress? address) ? address : null,
            row.Device.LastSeenAt,
            row.Trust.TrustedAt,
            row.Trust.TrustedUntil))];
    }

    public Task DistrustAsync(Did did, string? deviceId, CancellationToken cancellationToken) => queue.AppendAsync(new SignInChangeWrite(did, cache, context =>
        context.Set<TrustedBrowserRow>().Where(row => row.Did == did && (deviceId == null || row.DeviceId == deviceId)).ExecuteDelete() > 0));
}
