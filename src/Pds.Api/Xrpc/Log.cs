namespace Pds.Api.Xrpc;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Error, "Request {RequestId} failed: {Method} {Path}")]
    public static partial void UnexpectedFault(ILogger logger, string requestId, string method, string path, Exception exception);
}
