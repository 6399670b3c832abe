using System.Reflection;
using System.Reflection.Emit;
using Microsoft.AspNetCore.Mvc.Routing;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;
using Pds.Domain.OAuth;

namespace Pds.UnitTests.Architecture;

/// <summary>What a message states about its callers has an effect, and what a credential can be granted is asked for.</summary>
internal sealed class AccessTests
{
    /// <summary>A demand that nobody reads closes a method in silence, or opens it.</summary>
    [Test]
    public void DemandsOfPermissions_AreAllRead()
    {
        PropertyInfo[] demands = typeof(Permission).GetProperties(BindingFlags.Public | BindingFlags.Instance);
        HashSet<MethodBase> called = [.. CallsIn(SourceTree.All, except: typeof(Permission), OpCodes.Call, OpCodes.Callvirt)];

        Assert.That(demands, Is.Not.Empty);
        Assert.That(demands.Where(demand => !called.Contains(demand.GetMethod!)).Select(demand => demand.Name), Is.Empty);
    }

    [Test]
    public void DemandsOfPermissions_AreAllStated()
    {
        PropertyInfo[] demands = typeof(Permission).GetProperties(BindingFlags.Public | BindingFlags.Instance);
        HashSet<MethodBase> called = [.. CallsIn(SourceTree.All, except: null, OpCodes.Call, OpCodes.Callvirt)];

        Assert.That(demands.Where(demand => !called.Contains(demand.SetMethod!)).Select(demand => demand.Name), Is.Empty);
    }

    /// <summary>A right that no method asks for is granted in vain.</summary>
    [Test]
    public void RightsOfScopes_AreAllAskedFor()
    {
        Type[] rights = [.. typeof(ScopeDemand).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(ScopeDemand)))];
        HashSet<Type> made = [.. CallsIn([SourceTree.Application], except: null, OpCodes.Newobj).Select(constructor => constructor.DeclaringType!)];

        Assert.That(rights, Is.Not.Empty);
        Assert.That(rights.Except(made), Is.Empty);
    }

    /// <summary>Only a host's methods leave it to the permission which credentials are looked at.</summary>
    [Test]
    public void OwnMethods_DeclareTheKindsOfCredentialsThatOpenThem()
    {
        MethodInfo[] actions = [.. SourceTree.Types(SourceTree.Api)
            .Where(type => type.IsSubclassOf(typeof(XrpcController)))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttributes().OfType<HttpMethodAttribute>().Any() && method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Caller)))];

        Assert.That(actions, Has.Length.GreaterThan(40));
        Assert.That(actions.Where(action => (action.GetCustomAttribute<XrpcOpenToAttribute>() ?? action.DeclaringType!.GetCustomAttribute<XrpcOpenToAttribute>()) is null), Is.Empty);
    }

    /// <summary>What the code of assemblies calls or makes, found in its instructions.</summary>
    private static IEnumerable<MethodBase> CallsIn(IEnumerable<Assembly> assemblies, Type? except, params OpCode[] instructions)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        byte[] codes = [.. instructions.Select(instruction => (byte)instruction.Value)];
        return from assembly in assemblies
               from type in assembly.GetTypes()
               where type != except
               from method in type.GetMethods(all).Concat<MethodBase>(type.GetConstructors(all))
               let body = method.GetMethodBody()?.GetILAsByteArray() ?? []
               from i in Enumerable.Range(0, Math.Max(0, body.Length - 4))
               where codes.Contains(body[i])
               let called = Resolve(method, BitConverter.ToInt32(body, i + 1))
               where called is not null
               select called;
    }

    /// <summary>The method behind a token; <see langword="null"/> where the bytes only look like one.</summary>
    private static MethodBase? Resolve(MethodBase within, int token)
    {
        if ((token >> 24) is not (0x06 or 0x0A or 0x2B))
        {
            return null;
        }

        try
        {
            return within.Module.ResolveMethod(
                token, within.DeclaringType?.GetGenericArguments(), within is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments() : null);
        }
        catch (Exception fault) when (fault is ArgumentException or BadImageFormatException)
        {
            return null;
        }
    }
}
