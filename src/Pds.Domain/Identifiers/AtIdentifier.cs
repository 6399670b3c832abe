using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Pds.Domain.Identifiers;

/// <summary>A DID or a handle: either way of naming an account. What starts with <c>did:</c> is a DID, anything else a handle.</summary>
/// <remarks>The default value names nobody and prints as the empty text.</remarks>
[JsonConverter(typeof(TextConverter<AtIdentifier>))]
public readonly record struct AtIdentifier : IParsable<AtIdentifier>
{
    private const string DidPrefix = "did:";

    private readonly Did _did;
    private readonly Handle _handle;
    private readonly Form _form;

    /// <summary>Names an account by its DID.</summary>
    public AtIdentifier(Did did)
    {
        _did = did;
        _form = Form.Did;
    }

    /// <summary>Names an account by its handle.</summary>
    public AtIdentifier(Handle handle)
    {
        _handle = handle;
        _form = Form.Handle;
    }

    private enum Form : byte
    {
        None,
        Did,
        Handle,
    }

    /// <summary>The DID, when this is one.</summary>
    public bool TryGetDid(out Did did)
    {
        did = _did;
        return _form == Form.Did;
    }

    /// <summary>The handle, when this is one.</summary>
    public bool TryGetHandle(out Handle handle)
    {
        handle = _handle;
        return _form == Form.Handle;
    }

    /// <summary>Whether the text has the syntax of a DID or a handle.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.StartsWith(DidPrefix, StringComparison.Ordinal) ? Did.IsValid(text) : Handle.IsValid(text);

    /// <summary>Reads a DID or a handle; handles are lower-cased.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AtIdentifier identifier)
    {
        if (text is not null && text.StartsWith(DidPrefix, StringComparison.Ordinal))
        {
            bool isDid = Did.TryParse(text, out Did did);
            identifier = isDid ? new(did) : default;
            return isDid;
        }

        bool isHandle = Handle.TryParse(text, out Handle handle);
        identifier = isHandle ? new(handle) : default;
        return isHandle;
    }

    /// <summary>Reads a DID or a handle; handles are lower-cased.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static AtIdentifier Parse(string text) => TryParse(text, out AtIdentifier identifier) ? identifier : throw new FormatException("Not a DID or handle.");

    /// <summary>The text of the DID or handle; empty for the default value.</summary>
    public override string ToString() => _form == Form.Handle ? _handle.ToString() : _did.ToString();

    static AtIdentifier IParsable<AtIdentifier>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<AtIdentifier>.TryParse(string? s, IFormatProvider? provider, out AtIdentifier result) => TryParse(s, out result);
}
