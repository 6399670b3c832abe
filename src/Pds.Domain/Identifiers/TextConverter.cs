using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pds.Domain.Identifiers;

/// <summary>JSON of a value that is its text, as a value and as a key: DIDs, handles, NSIDs, record keys, TIDs, AT-URIs, record paths and CIDs.</summary>
/// <remarks>The types name it themselves, so that it needs no options. Links within records are another matter: see <see cref="DataModel.DataMap"/>.</remarks>
/// <typeparam name="T">The type; its default value has no JSON.</typeparam>
public sealed class TextConverter<T> : JsonConverter<T>
    where T : struct, IParsable<T>
{
    /// <inheritdoc/>
    /// <exception cref="TextConverterException">No string, or not of the type's syntax.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Parse(reader.GetString()) : throw new TextConverterException(typeof(T));

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The default value of a type that has no text for it.</exception>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));

    /// <inheritdoc/>
    /// <exception cref="TextConverterException">Not of the type's syntax.</exception>
    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The default value of a type that has no text for it.</exception>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(Format(value));

    private static T Parse(string? text) =>
        T.TryParse(text, CultureInfo.InvariantCulture, out T value) ? value : throw new TextConverterException(typeof(T));

    // The default value prints as nothing, for people; what somebody will read back must be a value.
    private static string Format(T value) =>
        value.ToString() is { Length: > 0 } text ? text : throw new InvalidOperationException($"The default {typeof(T).Name} has no JSON.");
}

/// <summary>A JSON value is not the text of the type it should be of.</summary>
/// <param name="expected">The type.</param>
public sealed class TextConverterException(Type expected) : JsonException($"Not the text of a {expected.Name}.")
{
    /// <summary>The type that was expected, such as <see cref="Did"/>.</summary>
    public Type Expected => expected;
}
