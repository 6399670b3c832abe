using Pds.Application.Settings;

namespace Pds.Application.Accounts;

/// <summary>Makes work take a least time whatever its outcome, so that how long it took tells nothing.</summary>
internal sealed class EvenPace(SignInSettings options, TimeProvider time)
{
    /// <summary>Does the work, and waits for what is left of <see cref="SignInSettings.MinSignInTime"/>.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        try
        {
            return await work();
        }
        finally
        {
            TimeSpan rest = options.MinSignInTime - time.GetElapsedTime(start);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, cancellationToken);
            }
        }
    }
}
