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
        HashSet<MethodBase> called = [.. Instructions.Calls(SourceTree.All, OpCodes.Call, OpCodes.Callvirt).Where(use => use.Within != typeof(Permission)).Select(use => use.Called)];

        Assert.That(demands, Is.Not.Empty);
        Assert.That(demands.Where(demand => !called.Contains(demand.GetMethod!)).Select(demand => demand.Name), Is.Empty);
    }

    [Test]
    public void DemandsOfPermissions_AreAllStated()
    {
        PropertyInfo[] demands = typeof(Permission).GetProperties(BindingFlags.Public | BindingFlags.Instance);
        HashSet<MethodBase> called = [.. Instructions.Calls(SourceTree.All, OpCodes.Call, OpCodes.Callvirt).Select(use => use.Called)];

        Assert.That(demands.Where(demand => !called.Contains(demand.SetMethod!)).Select(demand => demand.Name), Is.Empty);
    }

    /// <summary>A right that no method asks for is granted in vain.</summary>
    [Test]
    public void RightsOfScopes_AreAllAskedFor()
    {
        Type[] rights = [.. typeof(ScopeDemand).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(ScopeDemand)))];
        HashSet<Type> made = [.. Instructions.Calls([SourceTree.Application], OpCodes.Newobj).Select(use => use.Called.DeclaringType!)];

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
}
