using System.Reflection;

namespace Pds.Application.Pipeline;

/// <summary>The XRPC method that a message carries out. The route, the audit trail and the command line take the name from here.</summary>
/// <param name="nsid">The NSID; a method of this server alone begins with an underscore.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class XrpcMethodAttribute(string nsid) : Attribute
{
    /// <summary>The NSID of the method.</summary>
    public string Nsid => nsid;

    /// <summary>The NSID of a message's method.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <exception cref="InvalidOperationException">The message carries out no XRPC method.</exception>
    public static string NsidOf<TMessage>() => Names<TMessage>.Nsid;

    /// <inheritdoc cref="NsidOf{TMessage}"/>
    /// <param name="message">The type of the message.</param>
    public static string NsidOf(Type message) => Read(message);

    private static string Read(Type message) => message.GetCustomAttribute<XrpcMethodAttribute>()?.Nsid
        ?? throw new InvalidOperationException($"{message.Name} carries out no XRPC method: it lacks [XrpcMethod(\"…\")].");

    private static class Names<TMessage>
    {
        public static readonly string Nsid = Read(typeof(TMessage));
    }
}
