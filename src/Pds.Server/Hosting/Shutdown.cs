using System.Runtime.InteropServices;

namespace Pds.Server.Hosting;

/// <summary>How the server ends: it lets requests come to their end for a while, cuts off the rest, and keeps what it has taken on.</summary>
internal static class Shutdown
{
    /// <summary>The whole of it: supervisors are known to kill after ten seconds.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Requests that are open for longer are cut off, so that the writers have the rest of the time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Cuts off, in time, what is still open when the server stops. The outermost of all middleware.</summary>
    public static void UseGrace(this WebApplication application)
    {
        CancellationTokenSource over = new();
        application.Lifetime.ApplicationStopping.Register(() => over.CancelAfter(Grace));
        application.Use(async (http, next) =>
        {
            using CancellationTokenRegistration cutOff = over.Token.UnsafeRegister(static state => ((HttpContext)state!).Abort(), http);
            await next(http);
        });
    }

    /// <summary>Runs a server until it is told to stop, also while it still starts: by SIGTERM, SIGINT, SIGQUIT or SIGHUP.</summary>
    /// <param name="application">The server.</param>
    /// <param name="run">Starts it and waits for its end.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WebApplication application, Func<Task> run)
    {
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            application.Lifetime.StopApplication();
        });
        try
        {
            await run();
            return ExitCodes.Done;
        }
        catch (Exception exception) when (application.Lifetime.ApplicationStopping.IsCancellationRequested && IsInterruption(exception))
        {
            return ExitCodes.Done; // told to stop before it had started, or out of time: what was acknowledged is kept either way
        }
    }

    private static bool IsInterruption(Exception exception) => exception switch
    {
        OperationCanceledException => true,
        AggregateException several => several.Flatten().InnerExceptions.All(IsInterruption),
        _ => false,
    };
}
