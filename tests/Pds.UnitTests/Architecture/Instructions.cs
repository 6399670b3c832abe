using System.Reflection;
using System.Reflection.Emit;

namespace Pds.UnitTests.Architecture;

/// <summary>What compiled code refers to, found in its instructions.</summary>
internal static class Instructions
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The methods that instructions name, each with the type that people wrote around them.</summary>
    public static IEnumerable<(Type Within, MethodBase Called)> Calls(IEnumerable<Assembly> assemblies, params OpCode[] instructions) =>
        from use in Tokens(assemblies, instructions, token => (token >> 24) is 0x06 or 0x0A or 0x2B)
        let called = Resolve(() => use.Method.Module.ResolveMethod(use.Token, ArgumentsOf(use.Method.DeclaringType), ArgumentsOf(use.Method)))
        where called is not null
        select (OutermostOf(use.Method), called);

    /// <summary>The types that code asks for by <c>typeof</c>.</summary>
    public static IEnumerable<(Type Within, Type Named)> Types(IEnumerable<Assembly> assemblies) =>
        from use in Tokens(assemblies, [OpCodes.Ldtoken], token => (token >> 24) is 0x01 or 0x02 or 0x1B)
        let named = Resolve(() => use.Method.Module.ResolveType(use.Token, ArgumentsOf(use.Method.DeclaringType), ArgumentsOf(use.Method)))
        where named is not null
        select (OutermostOf(use.Method), named);

    /// <summary>The literals of code. Those of attributes and unused constants are none.</summary>
    public static IEnumerable<(Type Within, string Text)> Literals(IEnumerable<Assembly> assemblies) =>
        from use in Tokens(assemblies, [OpCodes.Ldstr], token => (token >> 24) == 0x70)
        let text = Resolve(() => use.Method.Module.ResolveString(use.Token))
        where text is not null
        select (OutermostOf(use.Method), text);

    private static IEnumerable<(MethodBase Method, int Token)> Tokens(IEnumerable<Assembly> assemblies, OpCode[] instructions, Func<int, bool> isWanted)
    {
        byte[] codes = [.. instructions.Select(instruction => (byte)instruction.Value)];
        return from assembly in assemblies
               from type in assembly.GetTypes()
               from method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All))
               let body = method.GetMethodBody()?.GetILAsByteArray() ?? []
               from i in Enumerable.Range(0, Math.Max(0, body.Length - 4))
               where codes.Contains(body[i])
               let token = BitConverter.ToInt32(body, i + 1)
               where isWanted(token)
               select (method, token);
    }

    /// <summary>What a token names; <see langword="null"/> where the bytes only look like one.</summary>
    private static T? Resolve<T>(Func<T?> resolve)
        where T : class
    {
        try
        {
            return resolve();
        }
        catch (Exception fault) when (fault is ArgumentException or BadImageFormatException)
        {
            return null;
        }
    }

    private static Type[]? ArgumentsOf(Type? type) => type?.GetGenericArguments();

    private static Type[]? ArgumentsOf(MethodBase method) => method is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments() : null;

    /// <summary>Lambdas and state machines lie in types of the compiler's, within those that people wrote.</summary>
    private static Type OutermostOf(MethodBase method)
    {
        Type type = method.DeclaringType!;
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }
}
