using Pds.Application.Server;

namespace Pds.Api.Hosting;

/// <summary>A server that was told to stop is not healthy, though it still answers: whoever balances load sends it nothing more.</summary>
internal sealed class StoppingProbe(IHostApplicationLifetime lifetime) : IHealthProbe
{
    public ValueTask<bool> IsHealthyAsync(CancellationToken cancellationToken) => ValueTask.FromResult(!lifetime.ApplicationStopping.IsCancellationRequested);
}
