using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Pds.Application.Settings;

namespace Pds.UnitTests.Settings;

/// <summary>One member of a settings class: what its attribute, its documentation and a fresh object tell of it.</summary>
internal sealed partial record SettingDescription(PropertyInfo Member, VariableAttribute? Variable, string Effect, string Default, object? Initial)
{
    private static readonly Dictionary<Assembly, Dictionary<string, XElement>> Documents = [];

    /// <summary>The members that can be set, in the order of the class.</summary>
    public static IReadOnlyList<SettingDescription> Of(Type settings)
    {
        object fresh = Activator.CreateInstance(settings)!;
        return [.. settings.GetProperties().Where(IsSet).OrderBy(member => member.MetadataToken).Select(member => Describe(member, fresh))];
    }

    /// <summary>What a configuration section can say of it in JSON; <see langword="null"/> where only code can set it.</summary>
    public string? JsonType => (Nullable.GetUnderlyingType(Member.PropertyType) ?? Member.PropertyType) switch
    {
        var type when type == typeof(bool) => "boolean",
        var type when type == typeof(int) || type == typeof(long) => "integer",
        var type when type == typeof(string) || type == typeof(Uri) || type == typeof(TimeSpan) || type == typeof(DateTimeOffset) => "string",
        var type when type == typeof(IList<string>) || type == typeof(IList<Uri>) => "array",
        _ => null,
    };

    private static bool IsSet(PropertyInfo member) =>
        member.SetMethod is { IsPublic: true } || member.PropertyType == typeof(IList<string>) || member.PropertyType == typeof(IList<Uri>);

    private static SettingDescription Describe(PropertyInfo member, object fresh)
    {
        VariableAttribute? variable = member.GetCustomAttribute<VariableAttribute>();
        string text = SummaryOf(member);
        Match sentence = DefaultSentence.Match(text);
        string effect = sentence.Success ? Join(text[..sentence.Index], text[(sentence.Index + sentence.Length)..]) : text;
        object? initial = member.GetValue(fresh);
        string words = sentence.Success ? sentence.Groups["default"].Value : "";
        return new(member, variable, effect, InitialText(initial, words), initial);
    }

    /// <summary>A remark on the default becomes a sentence.</summary>
    private static string Join(string before, string remark) =>
        remark.Trim() is { Length: > 0 } rest ? $"{before.Trim()} {char.ToUpperInvariant(rest[0])}{rest[1..]}" : before.Trim();

    private static string InitialText(object? initial, string words) => initial switch
    {
        bool when words.Contains('_', StringComparison.Ordinal) => words,     // another variable's value
        bool flag => flag ? "true" : "false",
        int or long => Convert.ToString(initial, CultureInfo.InvariantCulture)!,
        TimeSpan time => $"{time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ({words})",
        _ => words is "none" ? "" : words,
    };

    private static string SummaryOf(PropertyInfo member)
    {
        Assembly assembly = member.DeclaringType!.Assembly;
        if (!Documents.TryGetValue(assembly, out Dictionary<string, XElement>? document))
        {
            document = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member").ToDictionary(element => element.Attribute("name")!.Value);
            Documents[assembly] = document;
        }

        return Text(document[$"P:{member.DeclaringType.FullName}.{member.Name}"].Element("summary")!, member.DeclaringType);
    }

    private static string Text(XElement summary, Type settings) => Spaces.Replace(string.Concat(summary.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see when see.Attribute("langword") is { } word => $"`{word.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{NameOf(see.Attribute("cref")!.Value, settings)}`",
        _ => "",
    })), " ").Trim();

    /// <summary>A member is called by its variable where it has one.</summary>
    private static string NameOf(string reference, Type settings)
    {
        string name = reference[(reference.LastIndexOf('.') + 1)..];
        return settings.GetProperty(name)?.GetCustomAttribute<VariableAttribute>()?.Name ?? name;
    }

    /// <summary>The sentence that tells the default, or the part of it before a remark.</summary>
    [GeneratedRegex(@"Default:? (?<default>.+?)(\.(?=\s|$)|[;:](?=\s))", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DefaultSentence { get; }

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces { get; }
}
