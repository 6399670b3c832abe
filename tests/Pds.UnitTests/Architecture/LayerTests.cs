using System.Reflection;

namespace Pds.UnitTests.Architecture;

/// <summary>Rule 1: dependencies point inward.</summary>
internal sealed class LayerTests
{
    private static readonly string[] Framework = ["System", "netstandard", "mscorlib"];

    [Test]
    public void Domain_References_TheFrameworkOnly() => AssertReferences(SourceTree.Domain);

    [Test]
    public void Cryptography_References_DomainAndLibrariesOfItsOwn() =>
        AssertReferences(SourceTree.Cryptography, "Pds.Domain", "Secp256k1.Net", "BouncyCastle.Cryptography");

    [Test]
    public void Application_References_DomainMediatRAndAbstractions() =>
        AssertReferences(SourceTree.Application, "Pds.Domain", "MediatR", "FluentValidation", "Microsoft.Extensions.");

    [Test]
    public void Infrastructure_References_NoAspNetCore() =>
        AssertReferences(
            SourceTree.Infrastructure,
            "Pds.Domain", "Pds.Cryptography", "Pds.Application", "MediatR", "FluentValidation", "Microsoft.Extensions.",
            "Microsoft.EntityFrameworkCore", "Microsoft.Data.Sqlite", "SQLitePCLRaw", "MailKit", "MimeKit", "DnsClient", "Microsoft.Win32.");

    /// <summary>A driver and its adapter.</summary>
    [Test]
    public void S3_References_InfrastructureAndTheDriver() =>
        AssertReferences(SourceTree.S3, "Pds.Domain", "Pds.Application", "Pds.Infrastructure", "Microsoft.Extensions.", "AWSSDK.");

    [Test]
    public void FluentStorage_References_InfrastructureAndTheDriver() =>
        AssertReferences(SourceTree.FluentStorage, "Pds.Domain", "Pds.Application", "Pds.Infrastructure", "Microsoft.Extensions.", "FluentStorage");

    [Test]
    public void Api_References_TheInnerLayersAndAspNetCore() =>
        AssertReferences(SourceTree.Api, "Pds.Domain", "Pds.Application", "Pds.Infrastructure", "MediatR", "Microsoft.Extensions.", "Microsoft.AspNetCore", "Microsoft.Net.Http.Headers", "Microsoft.Win32.", "QRCoder");

    [Test]
    public void Server_References_EverythingAndTheCommandLine() =>
        AssertReferences(SourceTree.Server, "Pds.", "MediatR", "Microsoft.Extensions.", "Microsoft.AspNetCore", "System.CommandLine");

    [Test]
    public void Server_HasNoController() =>
        Assert.That(SourceTree.Types(SourceTree.Server).Where(type => type.Name.EndsWith("Controller", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Layers_ShareTheSameFeatureNames()
    {
        string[] features = ["Repositories", "Sync", "Accounts", "Identity", "Blobs", "OAuth", "Moderation", "Server", "Proxying", "Factors"];
        string[] technical =
        [
            "Identifiers", "DataModel", "Crypto", "Errors", "Lexicons", "Pipeline", "DependencyInjection", "Persistence", "Http", "Xrpc", "Hosting", "Settings", "Authentication", "Capacity", "RateLimits", "Migrations", "Cli", "Pages",
        ];

        List<string> folders = [.. SourceTree.Types(SourceTree.Domain, SourceTree.Application, SourceTree.Infrastructure, SourceTree.Api, SourceTree.Server)
            .Select(type => type.Namespace!.Split('.'))
            .Where(parts => parts is ["Pds", _, _, ..])
            .Select(parts => parts[2])
            .Distinct()];

        Assert.That(folders, Is.Not.Empty);
        Assert.That(folders.Except(features).Except(technical), Is.Empty);
    }

    /// <summary>What runs because an assembly is loaded runs in hosts that never asked for it: the host's own SQLite is left alone.</summary>
    [Test]
    public void Assemblies_HaveNoModuleInitializer()
    {
        List<MethodInfo> methods = [.. SourceTree.All.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))];

        Assert.That(methods, Is.Not.Empty);
        Assert.That(methods.Where(method => method.IsDefined(typeof(System.Runtime.CompilerServices.ModuleInitializerAttribute))), Is.Empty);
    }

    private static void AssertReferences(Assembly assembly, params string[] allowed)
    {
        AssemblyName[] references = assembly.GetReferencedAssemblies();
        Assert.That(references, Is.Not.Empty);

        IEnumerable<string> forbidden = references.Select(reference => reference.Name!)
            .Where(name => !Framework.Any(prefix => name == prefix || name.StartsWith($"{prefix}.", StringComparison.Ordinal)))
            .Where(name => !Array.Exists(allowed, prefix => name.StartsWith(prefix, StringComparison.Ordinal)));

        Assert.That(forbidden, Is.Empty);
    }
}
