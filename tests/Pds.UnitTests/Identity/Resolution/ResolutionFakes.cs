using System.Reflection;
using System.Text;
using Pds.Application.Accounts;
using Pds.Application.Identity;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.UnitTests.Identity.Resolution;

/// <summary>Accounts that can only be found.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it at run time.
internal class FindableAccounts : DispatchProxy
#pragma warning restore CA1852
{
    private Account[] _accounts = [];

    public static IAccountStore Of(params Account[] accounts)
    {
        IAccountStore store = Create<IAccountStore, FindableAccounts>();
        ((FindableAccounts)(object)store)._accounts = accounts;
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name != nameof(IAccountStore.FindAsync))
        {
            throw new NotSupportedException(targetMethod.Name);
        }

        var identifier = (AtIdentifier)args![0]!;
        return new ValueTask<Account?>(Array.Find(_accounts, account =>
            (identifier.TryGetDid(out Did did) && account.Did == did) || (identifier.TryGetHandle(out Handle handle) && account.Handle == handle)));
    }
}

internal sealed class FakeHandles : IHandleResolver
{
    public Dictionary<string, string> Dids { get; } = new(StringComparer.Ordinal);

    public List<string> Asked { get; } = [];

    public ValueTask<Did?> ResolveAsync(Handle handle, CancellationToken cancellationToken) => Find("fresh", handle);

    public ValueTask<Did?> ResolveCachedAsync(Handle handle, CancellationToken cancellationToken) => Find("cached", handle);

    private ValueTask<Did?> Find(string how, Handle handle)
    {
        Asked.Add($"{how} {handle}");
        return new(Dids.TryGetValue(handle.ToString(), out string? did) ? Did.Parse(did) : null);
    }
}

internal sealed class FakeDids : IDidResolver
{
    public Dictionary<string, DidDocument> Documents { get; } = new(StringComparer.Ordinal);

    public List<string> Asked { get; } = [];

    public ValueTask<DidDocument?> ResolveAsync(Did did, bool refresh, CancellationToken cancellationToken)
    {
        Asked.Add($"{(refresh ? "fresh" : "cached")} {did}");
        return new(Documents.GetValueOrDefault(did.ToString()));
    }
}

internal sealed class InMemoryPlcLogStore : IPlcLogStore
{
    public Dictionary<Did, IReadOnlyList<PlcLogEntry>> Logs { get; } = [];

    public Task<IReadOnlyList<PlcLogEntry>> ReadAsync(Did did, CancellationToken cancellationToken) =>
        Task.FromResult(Logs.GetValueOrDefault(did) ?? []);

    public Task<bool> AppendAsync(Did did, IReadOnlyList<PlcLogEntry> log, CancellationToken cancellationToken)
    {
        if ((Logs.GetValueOrDefault(did)?.Count ?? 0) != log.Count - 1)
        {
            return Task.FromResult(false);
        }

        Logs[did] = log;
        return Task.FromResult(true);
    }
}

/// <summary>Documents for tests of resolution.</summary>
internal static class GivenDocument
{
    public static byte[] Json(string did, string handle = "alice.example.org") =>
        Encoding.UTF8.GetBytes($$"""{"id":"{{did}}","alsoKnownAs":["at://{{handle}}"]}""");

    public static DidDocument Of(string did, string handle = "alice.example.org") => DidDocument.Parse(Did.Parse(did), Json(did, handle));
}
