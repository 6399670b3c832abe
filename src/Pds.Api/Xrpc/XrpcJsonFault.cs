using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Pds.Domain.Identifiers;

namespace Pds.Api.Xrpc;

/// <summary>Our own words for JSON that could not be read; the framework's name types and say nothing to a client.</summary>
internal static partial class XrpcJsonFault
{
    public static bool IsWellFormed(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static string Explain(JsonException exception, ReadOnlySpan<byte> json, Type type)
    {
        Utf8JsonReader reader = new(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "Input must be an object";
        }

        if (exception is XrpcDataException fault)
        {
            return $"{JsonPath.At(json, fault.Position)}: {fault.Message}";
        }

        // "$.record.text" names the member; a member that is missing has no path.
        string path = exception.Path is { Length: > 2 } full && full.StartsWith("$.", StringComparison.Ordinal) ? full[2..] : "";
        if (path.Length > 0)
        {
            return exception switch
            {
                XrpcJsonException ours => $"{path} {ours.Message}",
                TextConverterException text => $"{path} must be {XrpcText.Describe(text.Expected)}",
                _ => $"{path} is not of the expected type",
            };
        }

        return MissingMember(reader, type) is { } missing ? $"Input must have the property \"{missing}\"" : "a member is given twice or missing";
    }

    /// <summary>Names the member of a union that has no <c>$type</c>; only the message of the framework tells where it is.</summary>
    public static string Explain(NotSupportedException exception)
    {
        Match path = PathInMessage().Match(exception.Message);
        return path.Success ? $"{path.Groups["path"].Value} must have a $type" : "an object lacks its $type";
    }

    [GeneratedRegex(@"Path: \$\.(?<path>[^ |]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathInMessage();

    private static string? MissingMember(Utf8JsonReader reader, Type type)
    {
        HashSet<string> present = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            present.Add(reader.GetString()!);
            reader.Skip();
        }

        return XrpcJson.Options.GetTypeInfo(type).Properties.FirstOrDefault(member => IsRequired(member) && !present.Contains(member.Name))?.Name;
    }

    private static bool IsRequired(JsonPropertyInfo member) =>
        member.IsRequired || member.AssociatedParameter is { HasDefaultValue: false, IsNullable: false };
}

/// <summary>A member does not fit; the message completes "<c>&lt;member&gt; …</c>" and goes to the client.</summary>
internal sealed class XrpcJsonException(string message) : JsonException(message);

/// <summary>Something within a member is not of the data model.</summary>
/// <param name="message">A sentence for clients.</param>
/// <param name="position">Where, in bytes from the start of the JSON.</param>
internal sealed class XrpcDataException(string message, long position) : JsonException(message)
{
    /// <summary>Where, in bytes from the start of the JSON.</summary>
    public long Position { get; } = position;
}
