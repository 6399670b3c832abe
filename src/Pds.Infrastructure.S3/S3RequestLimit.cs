namespace Pds.Infrastructure.S3;

/// <summary>Bounds requests to a store in time; what takes longer is the store's fault and not the caller's wish.</summary>
internal sealed class S3RequestLimit(TimeSpan limit, TimeProvider time)
{
    /// <exception cref="TimeoutException">The store did not answer in time.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await request(either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (exception is OperationCanceledException || timer.IsCancellationRequested))
        {
            throw new TimeoutException("The blob store did not answer in time.", exception);
        }
    }
}
