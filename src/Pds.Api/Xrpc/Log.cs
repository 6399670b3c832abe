namespace Pds.Api.Xrpc;

internal static partial class Log
{
    /// <summary>Longest text of an exception that is logged as it is.</summary>
    internal const int MaxExceptionText = 16 * 1024;

    /// <summary>Logs a fault of ours. A text that is too long, as of streams that are nested deeply, is cut.</summary>
    public static void UnexpectedFault(ILogger logger, string requestId, string method, string path, Exception exception)
    {
        if (exception.ToString() is { Length: > MaxExceptionText } text)
        {
            LongFault(logger, requestId, method, path, text[..MaxExceptionText]);
        }
        else
        {
            Fault(logger, requestId, method, path, exception);
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "Request {RequestId} failed: {Method} {Path}", EventName = "UnexpectedFault")]
    private static partial void Fault(ILogger logger, string requestId, string method, string path, Exception exception);

    [LoggerMessage(1002, LogLevel.Error, "Request {RequestId} failed: {Method} {Path}: {Exception} …", EventName = "UnexpectedLongFault")]
    private static partial void LongFault(ILogger logger, string requestId, string method, string path, string exception);
}
