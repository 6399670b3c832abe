using System.Text.Json;
using System.Text.Json.Nodes;
using Pds.Domain.DataModel;

namespace Pds.Application.Proxying;

/// <summary>Reads JSON of other services into objects. They take many times its bytes, so they are not made before it is known how many there will be.</summary>
internal static class AnswerJson
{
    /// <summary>Longest answer that is looked into, its coding undone.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>A page of a hundred posts with what they reply to has half as many.</summary>
    public const int MaxTokens = 200_000;

    /// <summary>Threads nest a level or two for each post.</summary>
    public const int MaxDepth = 256;

    /// <summary>The object; <see langword="null"/> when it is something else, or has too many tokens.</summary>
    /// <exception cref="JsonException">Not JSON, of text that is not Unicode, or nested too deeply.</exception>
    public static JsonObject? Parse(byte[] json)
    {
        if (!UnicodeJson.IsUnicode(json))
        {
            throw new JsonException("A text is not Unicode.");
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        for (int tokens = 0; reader.Read(); tokens++)
        {
            if (tokens == MaxTokens)
            {
                return null;
            }
        }

        return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth }) as JsonObject;
    }
}
