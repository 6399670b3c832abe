using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.DependencyInjection;
using Pds.Domain.Accounts;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.IntegrationTests.Sync;

namespace Pds.IntegrationTests.Repositories;

/// <summary>A server, and what tests of records and streams ask of it.</summary>
internal sealed class RepoServer(PdsApplication pds) : IAsyncDisposable
{
    public HttpClient Http => pds.Http;

    public IVerifier Verifier => pds.Services.GetRequiredService<IVerifier>();

    public static async Task<RepoServer> StartAsync(Action<PdsOptions>? configure = null, Action<IServiceCollection>? services = null) =>
        new(await PdsApplication.StartAsync(services: collection =>
        {
            collection.PostConfigure<PdsOptions>(options => configure?.Invoke(options));
            services?.Invoke(collection);
        }));

    public async Task<RepoClient> CreateAccountAsync()
    {
        using AccountClient account = await pds.CreateAccountAsync();
        return new RepoClient(this, account.Did, account.Handle, account.AccessJwt);
    }

    /// <summary>Takes down, deactivates, or the contrary of both; silently.</summary>
    public Task SetStatusAsync(Did did, AccountStatus? status) => pds.Services.GetRequiredService<IAccountStore>().UpdateAsync(
        did,
        account => new AccountChange(
            account with
            {
                TakedownRef = status == AccountStatus.Takendown ? "because" : null,
                DeactivatedAt = status == AccountStatus.Deactivated ? DateTimeOffset.UnixEpoch : null,
            },
            []),
        CancellationToken.None);

    public async Task<PublicKey> PublicKeyAsync(Did did) =>
        (await pds.Services.GetRequiredService<ISigningKeys>().GetAsync(did, CancellationToken.None)).PublicKey;

    public Task<FirehoseClient> SubscribeAsync(string query = "") => FirehoseClient.OpenAsync(pds.Origin, query);

    public void Stop() => pds.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().StopApplication();

    public async Task<HttpResponseMessage> GetAsync(string query, string? bearer = null, bool asAdmin = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/xrpc/{query}");
        request.Headers.Authorization =
            bearer is not null ? new AuthenticationHeaderValue("Bearer", bearer)
            : asAdmin ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{PdsApplication.AdminPassword}")))
            : null;
        return await Http.SendAsync(request);
    }

    public ValueTask DisposeAsync() => pds.DisposeAsync();
}
