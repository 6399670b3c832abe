using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Application.OAuth;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.OAuth;

/// <summary>Browsers, their sign-ins and what was granted in them, in the service tables.</summary>
internal sealed class EfDeviceStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, SignIns signIns) : IDeviceStore, IConsentStore
{
    /// <summary>Sign-ins are asked for again after a week, so a browser not seen for three months is of no use to anybody.</summary>
    private static readonly TimeSpan Unused = TimeSpan.FromDays(90);

    public async ValueTask<Device?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        DeviceRow? row = await context.Set<DeviceRow>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return row?.ToDevice();
    }

    public Task SaveAsync(Device device, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        DeviceRow? row = context.Set<DeviceRow>().SingleOrDefault(row => row.Id == device.Id);
        if (row is null)
        {
            DateTimeOffset forgotten = device.LastSeenAt - Unused;
            context.Set<DeviceRow>().Where(row => row.LastSeenAt < forgotten).ExecuteDelete();
            row = new DeviceRow { Id = device.Id, SecretHash = "" };
            context.Add(row);
        }

        row.Apply(device);
        return row;
    });

    public Task RemoveAsync(string id, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        signIns.EndBrowser(context, id);
        return context.Set<DeviceRow>().Where(row => row.Id == id).ExecuteDelete();
    });

    public async ValueTask<IReadOnlyList<DeviceAccount>> ListAccountsAsync(string id, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<DeviceAccountRow> rows = await context.Set<DeviceAccountRow>().AsNoTracking()
            .Where(row => row.DeviceId == id)
            .OrderByDescending(row => row.SignedInAt)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new DeviceAccount(row.Did, row.SignedInAt))];
    }

    public async ValueTask<IReadOnlyList<(Device Device, DateTimeOffset SignedInAt)>> ListBrowsersAsync(Did did, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Set<DeviceAccountRow>().AsNoTracking()
            .Where(row => row.Did == did)
            .Join(context.Set<DeviceRow>(), account => account.DeviceId, device => device.Id, (account, device) => new { Device = device, account.SignedInAt })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => (row.Device.ToDevice(), row.SignedInAt))];
    }

    public Task RememberAsync(string id, SignInProof proof, DateTimeOffset signedInAt, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        signIns.Require(context, proof);
        if (!context.Set<DeviceRow>().Any(row => row.Id == id))
        {
            return false; // forgotten in the meantime
        }

        Did did = proof.Account;
        DeviceAccountRow? row = context.Set<DeviceAccountRow>().SingleOrDefault(row => row.DeviceId == id && row.Did == did);
        if (row is null)
        {
            row = new DeviceAccountRow { Did = did, DeviceId = id };
            context.Add(row);
        }

        row.SignedInAt = signedInAt;
        return true;
    });

    public Task ForgetAsync(string id, Did did, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        context.Set<OAuthRequestRow>().Where(row => row.DeviceId == id && row.Did == did).ExecuteDelete();
        return context.Set<DeviceAccountRow>().Where(row => row.DeviceId == id && row.Did == did).ExecuteDelete();
    });

    public async ValueTask<string?> FindAsync(Did did, string clientId, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        AuthorizedClientRow? row = await context.Set<AuthorizedClientRow>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.Did == did && row.ClientId == clientId, cancellationToken);
        return row?.Scope;
    }

    public Task RemoveAsync(Did did, string clientId, CancellationToken cancellationToken) =>
        queue.WriteAsync(context => context.Set<AuthorizedClientRow>().Where(row => row.Did == did && row.ClientId == clientId).ExecuteDelete());

    public Task SaveAsync(SignInProof proof, string clientId, string scope, DateTimeOffset now, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        signIns.Require(context, proof);
        Did did = proof.Account;
        AuthorizedClientRow? row = context.Set<AuthorizedClientRow>().SingleOrDefault(row => row.Did == did && row.ClientId == clientId);
        if (row is null)
        {
            row = new AuthorizedClientRow { Did = did, ClientId = clientId, Scope = scope };
            context.Add(row);
        }

        row.Scope = scope;
        row.UpdatedAt = now;
        return row;
    });
}
