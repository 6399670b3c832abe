using Microsoft.AspNetCore.Http.Features;

namespace Pds.Api.Xrpc;

/// <summary>Judges paths as they were sent: routing has undone their escapes by the time it finds a method.</summary>
internal static class XrpcPath
{
    /// <summary>Whether a path has percent escapes, which the path of a method never needs.</summary>
    public static bool IsEscaped(HttpContext context)
    {
        ReadOnlySpan<char> target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        int query = target.IndexOf('?');
        return (query < 0 ? target : target[..query]).Contains('%');
    }
}
