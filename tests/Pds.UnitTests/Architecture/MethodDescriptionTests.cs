using System.Reflection;
using System.Reflection.Emit;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Routing;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;

namespace Pds.UnitTests.Architecture;

/// <summary>A method is described once, on its action or its message, and all else follows from that.</summary>
internal sealed class MethodDescriptionTests
{
    /// <summary>Calls that this server makes to others, of methods that it happens to have as well.</summary>
    private static readonly (string Type, string Method)[] CalledElsewhere =
    [
        ("AppViewHandles", "com.atproto.identity.resolveHandle"),
        ("FeedCalls", "com.atproto.repo.getRecord"),
        ("GetForeignRecordHandler", "com.atproto.repo.getRecord"),
        ("LexiconResolver", "com.atproto.sync.getRecord"),
    ];

    /// <summary>Attributes by which an action, its parameters or its message say what the method needs.</summary>
    private static readonly Type[] Descriptions =
    [
        .. SourceTree.Types(SourceTree.Application, SourceTree.Api)
            .Where(type => type.IsSubclassOf(typeof(Attribute)) && type is { IsPublic: true, IsAbstract: false, IsGenericType: false })
            .Where(type => type.Name.StartsWith("Xrpc", StringComparison.Ordinal) || type == typeof(RateLimitAttribute) || type == typeof(CapacityAttribute)),
    ];

    private static readonly MethodInfo[] Actions =
    [
        .. SourceTree.Types(SourceTree.Api)
            .Where(type => type.IsSubclassOf(typeof(XrpcController)))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(HttpMethodAttribute))),
    ];

    [Test]
    public void NamesOfMethods_InCode_StandInTheirDescriptionOnly()
    {
        string[] names = [.. Actions.Select(action => action.GetCustomAttribute<HttpMethodAttribute>()!.Template!)];
        Regex name = new($"(?<![A-Za-z.])({string.Join('|', names.OrderByDescending(one => one.Length).Select(Regex.Escape))})(?![A-Za-z.#])", RegexOptions.IgnoreCase);

        (string, string)[] found = [.. Instructions.Literals(SourceTree.All)
            .SelectMany(literal => name.Matches(literal.Text).Select(match => (literal.Within.Name, match.Value)))
            .Distinct()];

        Assert.That(names, Has.Length.GreaterThan(70));
        Assert.That(found, Is.EquivalentTo(CalledElsewhere));
    }

    /// <summary>A description that nobody serves describes nothing, and two actions of one message would be one method twice.</summary>
    [Test]
    public void MessagesOfMethods_EachHaveOneAction()
    {
        Type[] messages = [.. SourceTree.Types(SourceTree.Application).Where(type => type.IsDefined(typeof(XrpcMethodAttribute)))];
        Type[] served = [.. Actions.Select(action => action.GetCustomAttribute<XrpcRouteAttribute>()?.Message).OfType<Type>()];

        Assert.That(messages, Has.Length.GreaterThan(70));
        Assert.That(served, Is.EquivalentTo(messages));
    }

    /// <summary>What a message demands is read by way of its method.</summary>
    [Test]
    public void MessagesWithDemands_AreThoseOfMethods()
    {
        Type[] demanding = [.. SourceTree.Types(SourceTree.All)
            .Where(type => type.IsDefined(typeof(RateLimitAttribute)) || type.IsDefined(typeof(XrpcRestrictedAttribute)))];

        Assert.That(demanding, Is.Not.Empty);
        Assert.That(demanding.Where(type => !type.IsDefined(typeof(XrpcMethodAttribute))), Is.Empty);
    }

    [Test]
    public void MembersOfDescriptions_AreAllRead()
    {
        HashSet<MethodBase> called = [.. Instructions.Calls(SourceTree.All, OpCodes.Call, OpCodes.Callvirt)
            .Where(use => !use.Within.IsSubclassOf(typeof(Attribute)) || use.Within == typeof(XrpcMethodAttribute))
            .Select(use => use.Called)];

        PropertyInfo[] members = [.. Descriptions.SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))];

        Assert.That(members, Has.Length.GreaterThan(10));
        Assert.That(members.Where(member => !called.Contains(member.GetMethod!)).Select(member => $"{member.DeclaringType!.Name}.{member.Name}"), Is.Empty);
    }

    [Test]
    public void Descriptions_AreAllLookedFor()
    {
        HashSet<Type> named = [.. Instructions.Types(SourceTree.All).Select(use => use.Named)];
        named.UnionWith(Instructions.Calls(SourceTree.All, OpCodes.Call, OpCodes.Callvirt).SelectMany(use => use.Called.IsGenericMethod ? use.Called.GetGenericArguments() : []));

        Assert.That(Descriptions, Has.Length.GreaterThan(8));
        Assert.That(Descriptions.Where(description => !named.Contains(description)), Is.Empty);
    }

    /// <summary>The first method to be called would decide for all.</summary>
    [Test]
    public void SharedBuckets_HaveOneRule()
    {
        ILookup<string, (int, int, RateLimitKey)> limits = SourceTree.Types(SourceTree.All)
            .SelectMany(type => type.GetCustomAttributes<RateLimitAttribute>().Concat(type.GetMethods().SelectMany(method => method.GetCustomAttributes<RateLimitAttribute>())))
            .Where(limit => limit.Bucket is not null)
            .ToLookup(limit => limit.Bucket!, limit => (limit.Points, limit.Seconds, limit.Per), StringComparer.Ordinal);

        Assert.That(limits, Is.Not.Empty);
        Assert.That(limits.Where(bucket => bucket.Distinct().Count() > 1).Select(bucket => bucket.Key), Is.Empty);
    }
}
