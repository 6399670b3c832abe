using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pds.Api.Xrpc;

/// <summary>Names places in JSON as clients know them: <c>record.embed.images[0].alt</c>.</summary>
internal static class JsonPath
{
    private const int MaxLength = 200;

    /// <summary>The path of the member or item that a token belongs to; an end belongs to what it ends.</summary>
    /// <param name="json">Well-formed JSON.</param>
    /// <param name="position">Where the token begins, in bytes.</param>
    public static string At(ReadOnlySpan<byte> json, long position)
    {
        Utf8JsonReader reader = new(json);
        Stack<Container> open = new();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    open.Peek().Name = reader.GetString();
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    if (open.TryPeek(out Container? container))
                    {
                        container.Index++;
                    }

                    break;
            }

            if (reader.TokenStartIndex >= position)
            {
                break;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                open.Push(new Container(reader.TokenType == JsonTokenType.StartArray));
            }
        }

        return Join(open.Reverse());
    }

    private static string Join(IEnumerable<Container> open)
    {
        StringBuilder path = new();
        foreach (Container container in open)
        {
            _ = container.IsArray
                ? path.Append(CultureInfo.InvariantCulture, $"[{container.Index}]")
                : path.Append(path.Length > 0 ? "." : "").Append(container.Name);
        }

        return path.Length > MaxLength ? path.ToString(0, MaxLength) + "…" : path.ToString();
    }

    /// <summary>An object or array that is being read, and how far.</summary>
    private sealed class Container(bool isArray)
    {
        public bool IsArray { get; } = isArray;

        public int Index { get; set; } = -1;

        public string? Name { get; set; }
    }
}
