using Microsoft.Extensions.Options;

namespace Pds.Application.Accounts;

/// <summary>Makes work take a least time whatever its outcome, so that how long it took tells nothing.</summary>
internal sealed class EvenPace(IOptions<AccountOptions> options, TimeProvider time)
{
    /// <summary>Does the work, and waits for what is left of <see cref="AccountOptions.MinSignInTime"/>.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        try
        {
            return await work();
        }
        finally
        {
            TimeSpan rest = options.Value.MinSignInTime - time.GetElapsedTime(start);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, cancellationToken);
            }
        }
    }
}
