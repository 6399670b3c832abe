using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.WebUtilities;
using Pds.Application.Pipeline;

namespace Pds.Api.Xrpc;

/// <summary>One query parameter: how often it may come, what it is parsed to, and what is wrong with a text that does not fit.</summary>
internal sealed class XrpcParameter
{
    private const long MaxSafeInteger = (1L << 53) - 1;

    private readonly string _name;
    private readonly Type _type;
    private readonly bool _isArray;
    private readonly bool _isRequired;
    private readonly XrpcRangeAttribute? _range;
    private readonly Func<string, object?> _parse;

    public XrpcParameter(ParameterInfo parameter)
    {
        _name = parameter.Name!;
        Type? element = ElementOf(parameter.ParameterType);
        _isArray = element is not null;
        Type? nullable = Nullable.GetUnderlyingType(parameter.ParameterType);
        _type = element ?? nullable ?? parameter.ParameterType;
        _isRequired = !parameter.HasDefaultValue && nullable is null && !AllowsNull(parameter);
        _range = parameter.GetCustomAttribute<XrpcRangeAttribute>();
        _parse = ParserOf(_type);
    }

    /// <summary>Everything that does not come from elsewhere.</summary>
    public static bool IsQuery(ParameterInfo parameter) =>
        parameter.ParameterType != typeof(Caller)
        && parameter.ParameterType != typeof(AuthorizationHeader)
        && parameter.ParameterType != typeof(CancellationToken)
        && !parameter.IsDefined(typeof(XrpcBodyAttribute));

    /// <summary>Reads the parameter from a raw query string.</summary>
    /// <param name="query">With or without the question mark.</param>
    /// <param name="value">The value; of no meaning when there is none.</param>
    /// <param name="fault">Why the text is refused.</param>
    /// <returns>Whether there is a value. Without one and without a fault the default holds.</returns>
    public bool TryRead(string? query, out object? value, out string? fault)
    {
        value = null;
        fault = null;
        List<object>? items = null;
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query))
        {
            // An empty value is as good as none (spec 04 §1.2).
            if (pair.EncodedValue.IsEmpty || !pair.DecodeName().Span.SequenceEqual(_name))
            {
                continue;
            }

            object? item = _parse(pair.DecodeValue().ToString());
            if ((fault = FaultOf(item, value)) is not null)
            {
                return false;
            }

            if (_isArray)
            {
                (items ??= []).Add(item!);
            }
            else
            {
                value = item;
            }
        }

        if (items is not null)
        {
            Array array = Array.CreateInstance(_type, items.Count);
            ((System.Collections.ICollection)items).CopyTo(array, 0);
            value = array;
        }

        fault = value is null && _isRequired ? $"{_name} is required" : null;
        return value is not null;
    }

    private string? FaultOf(object? item, object? earlier)
    {
        if (earlier is not null)
        {
            return $"{_name} must be given once";
        }

        if (item is null)
        {
            return $"{_name} must be {XrpcText.Describe(_type)}";
        }

        return _range is not null && Convert.ToInt64(item, CultureInfo.InvariantCulture) is long number && (number < _range.Minimum || number > _range.Maximum)
            ? $"{_name} must be {_range.Minimum} to {_range.Maximum}"
            : null;
    }

    private static Type? ElementOf(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GenericTypeArguments[0]
        : null;

    private static bool AllowsNull(ParameterInfo parameter) =>
        !parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).WriteState is NullabilityState.Nullable;

    private static Func<string, object?> ParserOf(Type type)
    {
        if (type == typeof(string))
        {
            return text => text;
        }

        if (type == typeof(bool))
        {
            return text => text switch { "true" => true, "false" => false, _ => null };
        }

        if (type == typeof(int))
        {
            return text => ParseInteger(text) is long number and >= int.MinValue and <= int.MaxValue ? (int)number : null;
        }

        if (type == typeof(long))
        {
            return text => ParseInteger(text);
        }

        return typeof(XrpcParameter).GetMethod(nameof(ParseValue), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type)
            .CreateDelegate<Func<string, object?>>();
    }

    private static long? ParseInteger(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
        && text[0] != '+' && number is >= -MaxSafeInteger and <= MaxSafeInteger
            ? number
            : null;

    private static object? ParseValue<T>(string text)
        where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out T? value) ? value : null;
}
