namespace Pds.Application.Pipeline;

/// <summary>Which credentials may not call the method on another service, or have a service token made for it. On the message, or on the action of a method without one.</summary>
/// <param name="restrictions">The restrictions.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class XrpcRestrictedAttribute(MethodRestrictions restrictions) : Attribute
{
    /// <summary>The restrictions of the method.</summary>
    public MethodRestrictions Restrictions => restrictions;
}

/// <summary>What holds for a method where it is forwarded, or named by a service token.</summary>
[Flags]
public enum MethodRestrictions
{
    /// <summary>Nothing in particular holds.</summary>
    None = 0,

    /// <summary>The method concerns the account itself: it is never forwarded, and no service token is made for it.</summary>
    Protected = 1,

    /// <summary>Sessions of app passwords without privileges get no service token for it.</summary>
    PrivilegedOnly = 2,

    /// <summary>A taken-down account gets a service token for it, to move to another server.</summary>
    TakendownMayLeave = 4,
}
