using System.Diagnostics.CodeAnalysis;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Proxying;

/// <summary>A service of somebody, as <c>atproto-proxy</c> headers and permissions name it: <c>did#service</c>.</summary>
/// <param name="Did">Whose service.</param>
/// <param name="Id">Its id in the DID document, without the number sign.</param>
/// <remarks>Source: <see href="https://atproto.com/specs/xrpc#service-proxying"/></remarks>
public sealed record ServiceReference(Did Did, string Id)
{
    /// <summary>Reads the value of an <c>atproto-proxy</c> header.</summary>
    /// <param name="text">The value.</param>
    /// <param name="reference">What it names.</param>
    /// <param name="fault">What is wrong with it, in the words that clients know.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ServiceReference? reference, [NotNullWhen(false)] out string? fault)
    {
        int hash = text.IndexOf('#', StringComparison.Ordinal);
        Did did = default;
        fault = text switch
        {
            _ when hash == 0 => "no did specified in proxy header",
            _ when hash < 0 || hash == text.Length - 1 => "no service id specified in proxy header",
            _ when text.IndexOf('#', hash + 1) >= 0 => "invalid proxy header format",
            _ when text.Contains(' ', StringComparison.Ordinal) => "proxy header cannot contain spaces",
            _ when !Did.TryParse(text[..hash], out did) => "could not resolve proxy did",
            _ => null,
        };
        reference = fault is null ? new ServiceReference(did, text[(hash + 1)..]) : null;
        return fault is null;
    }

    /// <summary>The text <c>did#service</c>.</summary>
    public override string ToString() => $"{Did}#{Id}";
}
