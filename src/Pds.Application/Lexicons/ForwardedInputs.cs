using System.Collections.Specialized;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Web;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Lexicons;

namespace Pds.Application.Lexicons;

/// <summary>Judges what other services are asked, for the methods that are part of this server to its clients. Their lexicons lie in <c>Methods/</c>, without answers.</summary>
internal sealed class ForwardedInputs(BuiltInLexicons builtIn)
{
    private const string ResourcePrefix = "method:";

    private readonly Lazy<ILexiconSource> _lexicons = new(() => new LexiconOverlay(new LexiconSet(Names().Select(name => LexiconDocument.Parse(Read(name)))), builtIn));

    /// <summary>The NSIDs of all documents.</summary>
    public static IEnumerable<string> Names() => Home.GetManifestResourceNames()
        .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
        .Select(name => name[ResourcePrefix.Length..]);

    private static Assembly Home => typeof(ForwardedInputs).Assembly;

    /// <summary>The JSON of a document.</summary>
    public static byte[] Read(string nsid)
    {
        using Stream stream = Home.GetManifestResourceStream(ResourcePrefix + nsid) ?? throw new ArgumentException("There is no such lexicon.", nameof(nsid));
        byte[] json = new byte[stream.Length];
        stream.ReadExactly(json);
        return json;
    }

    /// <summary>Requires that an input is what the lexicon of its method says. Methods without a lexicon here take anything.</summary>
    /// <exception cref="XrpcException">InvalidRequest, with the path of the fault.</exception>
    public void RequireInput(Nsid method, DataMap input)
    {
        if (Find(method)?.Input?.Schema is ObjectSchema schema)
        {
            Require(method, "input", schema, input);
        }
    }

    /// <summary>Requires that a query is what the lexicon of its method says. Methods without a lexicon here take anything.</summary>
    /// <param name="method">The method.</param>
    /// <param name="query">As the client wrote it, with its question mark.</param>
    /// <exception cref="XrpcException">InvalidRequest, with the path of the fault.</exception>
    public void RequireParameters(Nsid method, string query)
    {
        if (Find(method)?.Parameters is { } schema)
        {
            Require(method, "params", schema, ReadParameters(schema, HttpUtility.ParseQueryString(query)));
        }
    }

    /// <summary>The parameters as data: what does not have the form of its type stays text, which the check refuses.</summary>
    private static DataMap ReadParameters(ObjectSchema schema, NameValueCollection query)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (LexiconProperty property in schema.Properties)
            {
                if (query.GetValues(property.Name) is { Length: > 0 } values)
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Schema, values);
                }
            }

            writer.WriteEndObject();
        }

        return DataMap.FromJson(json.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, LexiconSchema schema, string[] values)
    {
        switch (schema)
        {
            case ArraySchema array:
                writer.WriteStartArray();
                foreach (string value in values)
                {
                    Write(writer, array.Items, [value]);
                }

                writer.WriteEndArray();
                break;
            case IntegerSchema when long.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number):
                writer.WriteNumberValue(number);
                break;
            case BooleanSchema when values[0] is "true" or "false":
                writer.WriteBooleanValue(values[0] == "true");
                break;
            default:
                writer.WriteStringValue(values[0]);
                break;
        }
    }

    private void Require(Nsid method, string part, ObjectSchema schema, DataMap value)
    {
        if (RecordCheck.Check(schema, value, part, _lexicons.Value) is { } fault)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"Invalid {method} {part}: {fault.ToString()[(part.Length + 1)..]}");
        }
    }

    private MethodSchema? Find(Nsid method) => _lexicons.Value.Find(method.ToString()) as MethodSchema;
}
