using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pds.Application.DependencyInjection;
using Pds.Infrastructure.S3;
using Pds.Server.Hosting;

namespace Pds.UnitTests.Settings;

/// <summary>What is written of the settings: the JSON schema of the section <c>Pds</c>, and the tables of <c>docs/operating.md</c>.</summary>
internal static partial class SettingsDocuments
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Settings that do not belong to the section: those of stores, and those of the host.</summary>
    private static readonly Dictionary<string, Type> Others = new(StringComparer.Ordinal) { ["S3"] = typeof(S3BlobOptions), ["Logging"] = typeof(LoggingSettings) };

    public static IEnumerable<(string Name, Type Type)> All =>
        VariableBinder.Concerns.Select(concern => (concern.Name, concern.PropertyType)).Concat(Others.Select(other => (other.Key, other.Value)));

    public static string Schema()
    {
        JsonObject members = [];
        foreach (SettingDescription shortcut in SettingDescription.Of(typeof(PdsOptions)))
        {
            members.Add(shortcut.Member.Name, Member(shortcut));
        }

        foreach ((string name, Type type) in All.Where(settings => !Others.ContainsKey(settings.Name)))
        {
            members.Add(name, Members(type));
        }

        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Settings of the PDS",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["Pds"] = new JsonObject { ["type"] = "object", ["properties"] = members, ["additionalProperties"] = false },
            },
            ["$defs"] = new JsonObject(Others.Select(other => KeyValuePair.Create(other.Key, (JsonNode?)Members(other.Value)))),
        }.ToJsonString(Readable) + "\n";
    }

    /// <summary>The text with its tables made anew: what stands between <c>&lt;!-- settings: Name Name --&gt;</c> and <c>&lt;!-- /settings --&gt;</c>.</summary>
    public static string WithTables(string markdown) => Marked.Replace(markdown, marked =>
    {
        string[] names = marked.Groups["names"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return $"<!-- settings: {string.Join(' ', names)} -->\n{(names is ["differences"] ? Differences() : Table(names))}<!-- /settings -->";
    });

    public static IEnumerable<string> NamesIn(string markdown) =>
        Marked.Matches(markdown).SelectMany(marked => marked.Groups["names"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Table(string[] names)
    {
        StringBuilder table = new("| variable | default | meaning |\n|---|---|---|\n");
        foreach (SettingDescription setting in Variables(names))
        {
            string own = setting.Variable!.IsOwn ? " Not in the official distribution." : "";
            table.Append($"| `{setting.Variable.Name}` | {Cell(setting.Default)} | {Cell(setting.Effect)}{own} |\n");
        }

        return table.ToString();
    }

    private static string Differences()
    {
        StringBuilder table = new("| variable | default here | in the official distribution |\n|---|---|---|\n");
        foreach (SettingDescription setting in Variables([.. All.Select(settings => settings.Name)]).Where(setting => setting.Variable!.OfficialDefault is not null))
        {
            table.Append($"| `{setting.Variable!.Name}` | {Cell(setting.Default)} | {Cell(setting.Variable.OfficialDefault!)} |\n");
        }

        return table.ToString();
    }

    private static IEnumerable<SettingDescription> Variables(string[] names) =>
        names.SelectMany(name => SettingDescription.Of(All.Single(settings => settings.Name == name).Type)).Where(setting => setting.Variable is not null);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static JsonObject Members(Type type)
    {
        JsonObject members = [];
        foreach (SettingDescription setting in SettingDescription.Of(type).Where(setting => setting.JsonType is not null))
        {
            members.Add(setting.Member.Name, Member(setting));
        }

        return new JsonObject { ["type"] = "object", ["properties"] = members, ["additionalProperties"] = false };
    }

    private static JsonObject Member(SettingDescription setting)
    {
        JsonObject member = new() { ["description"] = setting.Effect, ["type"] = setting.JsonType };
        if (setting.JsonType is "array")
        {
            member["items"] = new JsonObject { ["type"] = "string" };
        }

        JsonNode? initial = setting.Initial switch
        {
            bool flag => flag,
            int number => number,
            long number => number,
            TimeSpan time => time.ToString("c"),
            _ => null,
        };
        if (initial is not null)
        {
            member["default"] = initial;
        }
        else if (setting.Default.Length > 0)
        {
            member["description"] = $"{setting.Effect} Default: {setting.Default}.";
        }

        if (setting.Variable is { } variable)
        {
            member["x-variable"] = variable.Name;
        }

        return member;
    }

    [GeneratedRegex("<!-- settings: (?<names>[A-Za-z0-9 ]+?) -->\n.*?<!-- /settings -->", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Marked { get; }
}
