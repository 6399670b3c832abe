using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;
using Pds.Cryptography;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.DependencyInjection;
using Pds.Infrastructure.S3;
using Pds.Server.Hosting;

namespace Pds.UnitTests.Architecture;

/// <summary>The assemblies, and the files they are made of.</summary>
internal static class SourceTree
{
    public static readonly Assembly Domain = typeof(Did).Assembly;
    public static readonly Assembly Cryptography = typeof(Verifier).Assembly;
    public static readonly Assembly Application = typeof(IPdsRequest).Assembly;
    public static readonly Assembly Infrastructure = typeof(InfrastructureServices).Assembly;
    public static readonly Assembly S3 = typeof(S3BlobOptions).Assembly;
    public static readonly Assembly FluentStorage = typeof(PdsFluentStorage).Assembly;
    public static readonly Assembly Api = typeof(XrpcController).Assembly;

    public static readonly Assembly Server = typeof(PdsHost).Assembly;

    public static readonly Assembly[] All = [Domain, Cryptography, Application, Infrastructure, S3, FluentStorage, Api, Server];

    /// <summary>What people wrote: no compiler-made types.</summary>
    public static IEnumerable<Type> Types(params Assembly[] assemblies) => assemblies
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.Namespace?.StartsWith("Pds.", StringComparison.Ordinal) is true || type.Namespace?.StartsWith("Microsoft.", StringComparison.Ordinal) is true)
        .Where(type => !type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)) && !type.Name.Contains('<', StringComparison.Ordinal));

    public static bool Implements(this Type type, Type definition) =>
        Array.Exists(type.GetInterfaces(), candidate => candidate == definition || (candidate.IsGenericType && candidate.GetGenericTypeDefinition() == definition));

    /// <summary>The repository's root: where the solution lies.</summary>
    public static string Root()
    {
        DirectoryInfo? directory = new(TestContext.CurrentContext.TestDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Pds.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException("Pds.sln is in no folder above the tests.");
    }

    public static IReadOnlyList<string> SourceFiles()
    {
        string separator = Path.DirectorySeparatorChar.ToString();
        return [.. Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{separator}obj{separator}", StringComparison.Ordinal) && !file.Contains($"{separator}bin{separator}", StringComparison.Ordinal))];
    }
}
