using System.Reflection;
using Pds.Application.DependencyInjection;
using Pds.Application.Settings;

namespace Pds.Server.Hosting;

/// <summary>Sets members of settings from the variables that they name by <see cref="VariableAttribute"/>.</summary>
internal static class VariableBinder
{
    /// <summary>The settings classes of a server, one for each concern.</summary>
    public static IEnumerable<PropertyInfo> Concerns =>
        typeof(PdsOptions).GetProperties().Where(property => property.PropertyType.Namespace == typeof(VariableAttribute).Namespace);

    /// <summary>The members of a settings class that a variable sets.</summary>
    public static IEnumerable<(PropertyInfo Member, VariableAttribute Variable)> MembersOf(Type settings) =>
        from member in settings.GetProperties()
        let variable = member.GetCustomAttribute<VariableAttribute>()
        where variable is not null
        select (member, variable);

    /// <summary>Sets every concern; what is not set keeps its default.</summary>
    public static void BindAll(this SettingReader reader, PdsOptions options)
    {
        foreach (PropertyInfo concern in Concerns)
        {
            reader.Bind(concern.GetValue(options)!);
        }
    }

    /// <summary>Sets the members of one settings object.</summary>
    public static void Bind(this SettingReader reader, object settings)
    {
        List<(PropertyInfo Member, VariableAttribute Variable, object? Value)> values =
            [.. MembersOf(settings.GetType()).Select(pair => (pair.Member, pair.Variable, Read(reader, pair.Member.PropertyType, pair.Variable)))];
        HashSet<string> unread = [.. values.Where(value => reader.IsUnread(value.Variable.Name)).Select(value => value.Member.Name)];
        foreach ((PropertyInfo member, VariableAttribute variable, object? value) in values)
        {
            if (value is not null && (variable.Pair is not { } pair || !unread.Contains(pair)))
            {
                Set(settings, member, value);
            }
        }
    }

    private static object? Read(SettingReader reader, Type type, VariableAttribute variable)
    {
        string name = variable.Name;
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        object? value =
            bare == typeof(string) ? reader.Text(name)
            : bare == typeof(bool) ? reader.Boolean(name)
            : bare == typeof(int) ? reader.Count(name)
            : bare == typeof(long) ? reader.Integer(name)
            : bare == typeof(TimeSpan) ? reader.Milliseconds(name)
            : bare == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch + reader.Milliseconds(name)
            : bare == typeof(Uri) ? reader.Address(name)
            : bare == typeof(IList<string>) ? reader.List(name)
            : bare == typeof(IList<Uri>) ? reader.Addresses(name)
            : throw new InvalidOperationException($"{name} sets a {type.Name}, which no variable is read as.");
        return variable.IsZeroDefault && value is TimeSpan { Ticks: 0 } ? null : value;
    }

    private static void Set(object settings, PropertyInfo member, object value)
    {
        switch (value)
        {
            case IReadOnlyList<string> texts:
                AddAll((IList<string>)member.GetValue(settings)!, texts);
                break;
            case IReadOnlyList<Uri> addresses:
                AddAll((IList<Uri>)member.GetValue(settings)!, addresses);
                break;
            default:
                member.SetValue(settings, value);
                break;
        }
    }

    private static void AddAll<T>(IList<T> list, IReadOnlyList<T> values)
    {
        foreach (T value in values)
        {
            list.Add(value);
        }
    }
}
