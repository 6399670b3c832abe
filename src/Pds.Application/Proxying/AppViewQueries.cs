using System.Collections.Frozen;

namespace Pds.Application.Proxying;

/// <summary>Queries of the AppView that this server knows, because it completes their answers or sends them its own way.</summary>
public static class AppViewQueries
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet([.. AnswerPatches.Methods, FeedCalls.GetFeed.ToString()], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a method is one of them, so that a POST to it is a wrong verb and not another service's affair.</summary>
    /// <param name="method">The NSID in any case.</param>
    public static bool IsKnown(string method) => Known.Contains(method);
}
