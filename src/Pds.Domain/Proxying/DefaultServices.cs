using Pds.Domain.Identifiers;

namespace Pds.Domain.Proxying;

/// <summary>Who serves the methods that this server does not, where the client names nobody.</summary>
public enum ServiceKind
{
    /// <summary>Everything without another home.</summary>
    AppView,

    /// <summary>The tools of moderators.</summary>
    Moderation,

    /// <summary>Reports to moderators.</summary>
    Reports,
}

/// <summary>Which service a method is for that this server does not have. Names are compared without regard to case, as the domain in them is.</summary>
public static class DefaultServices
{
    private static readonly string[] ModerationGroups =
    [
        "tools.ozone.communication.",
        "tools.ozone.moderation.",
        "tools.ozone.safelink.",
        "tools.ozone.team.",
        "tools.ozone.verification.",
    ];

    /// <summary>The service of a method.</summary>
    public static ServiceKind Of(Nsid method)
    {
        string name = method.ToString();
        return Array.Exists(ModerationGroups, group => name.StartsWith(group, StringComparison.OrdinalIgnoreCase)) ? ServiceKind.Moderation : ServiceKind.AppView;
    }
}
