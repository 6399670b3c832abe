using System.Globalization;
using System.Text.Json;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.Accounts;

/// <summary>Which preferences there are, and who may see and set them (spec 06 §10).</summary>
internal static class PreferenceRules
{
    private const string Namespace = "app.bsky";
    private const string PersonalDetails = "app.bsky.actor.defs#personalDetailsPref";
    private const string DeclaredAge = "app.bsky.actor.defs#declaredAgePref";
    private static readonly int[] DeclaredAges = [13, 16, 18];

    /// <summary>Whether the caller may see and set everything: signed in with the account password, or the moderation service.</summary>
    public static bool SeesAll(Caller caller) => caller is Caller.Admin or Caller.Session { Scope: SessionScope.Access };

    /// <summary>What scoped credentials need: preferences are called as if they were the AppView's.</summary>
    /// <typeparam name="TMessage">The message of the method.</typeparam>
    /// <param name="service">The AppView; <see langword="null"/> refuses them.</param>
    public static IReadOnlyList<ScopeDemand>? DemandsOf<TMessage>(string? service) =>
        service is null ? null : [new ScopeDemand.Call(Nsid.Parse(XrpcMethodAttribute.NsidOf<TMessage>()), service)];

    public static bool IsInNamespace(string type) => type == Namespace || type.StartsWith($"{Namespace}.", StringComparison.Ordinal);

    /// <summary>Whether a type is closed to callers who do not see all.</summary>
    public static bool IsRestricted(string type) => type == PersonalDetails;

    /// <summary>Whether a type is worked out here and never kept.</summary>
    public static bool IsComputed(string type) => type == DeclaredAge;

    /// <summary>What apps may know of the age behind a birth date; <see langword="null"/> when none is kept, or none that makes sense.</summary>
    public static Preference? DeclareAge(IEnumerable<Preference> preferences, DateTimeOffset now)
    {
        if (preferences.LastOrDefault(preference => preference.Type == PersonalDetails) is not { } details || BirthDateOf(details) is not { } birth)
        {
            return null;
        }

        int age = now.Year - birth.Year - (now.Month < birth.Month || (now.Month == birth.Month && now.Day < birth.Day) ? 1 : 0);
        string members = string.Concat(DeclaredAges.Select(limit => $",\"isOverAge{limit}\":{(age >= limit ? "true" : "false")}"));
        return new Preference(DeclaredAge, $"{{\"$type\":\"{DeclaredAge}\"{members}}}");
    }

    private static DateTimeOffset? BirthDateOf(Preference details)
    {
        using var json = JsonDocument.Parse(details.Json);
        return json.RootElement.TryGetProperty("birthDate", out JsonElement date) && date.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(date.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset birth)
                ? birth
                : null;
    }
}
