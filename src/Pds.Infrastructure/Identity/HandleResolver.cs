using System.Net;
using System.Text;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Http;

namespace Pds.Infrastructure.Identity;

/// <summary>Asks for the TXT records of a name, at certain name servers.</summary>
internal delegate Task<IReadOnlyList<string>?> TxtLookup(string name, IReadOnlyList<IPEndPoint> servers, TimeSpan timeout, CancellationToken cancellationToken);

/// <summary>Reads what the owner of a handle published: DNS and HTTPS at the same time, DNS counts more; then the backup name servers.</summary>
/// <remarks>Source: <see href="https://atproto.com/specs/handle#handle-resolution"/></remarks>
internal sealed class HandleResolver(IdentitySettings options, TxtLookup texts, GuardedHttp http)
{
    private const string Prefix = "did=";
    private const int MaxWellKnownBytes = 2048;

    private static readonly TimeSpan DnsTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HttpsTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The DID behind a handle.</summary>
    public async Task<HandleAnswer> ResolveAsync(Handle handle, CancellationToken cancellationToken)
    {
        if (handle.HasDisallowedTopLevelDomain)
        {
            return HandleAnswer.Nothing;
        }

        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<HandleAnswer> https = AskHttpsAsync(handle, abandon.Token);
        HandleAnswer dns = await AskDnsAsync(handle, Nameservers.OfSystem(), cancellationToken);
        if (dns.Did is not null)
        {
            await abandon.CancelAsync();
            await https.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return dns;
        }

        HandleAnswer answer = await https;
        if (answer.Did is not null || options.BackupNameservers.Count == 0)
        {
            return answer with { IsCertain = answer.IsCertain && dns.IsCertain };
        }

        HandleAnswer backup = await AskDnsAsync(handle, await Nameservers.ResolveAsync(options.BackupNameservers, cancellationToken), cancellationToken);
        return backup with { IsCertain = answer.IsCertain && dns.IsCertain && backup.IsCertain };
    }

    private async Task<HandleAnswer> AskDnsAsync(Handle handle, IReadOnlyList<IPEndPoint> servers, CancellationToken cancellationToken)
    {
        string name = $"_atproto.{handle}";
        if (name.Length > 253)
        {
            return HandleAnswer.Nothing;
        }

        IReadOnlyList<string>? records = await texts(name, servers, DnsTimeout, cancellationToken);
        if (records is null)
        {
            return HandleAnswer.Unknown;
        }

        string[] found = [.. records.Where(record => record.StartsWith(Prefix, StringComparison.Ordinal))];
        return found is [string only] ? HandleAnswer.Of(only[Prefix.Length..]) : HandleAnswer.Nothing; // two are as good as none
    }

    private async Task<HandleAnswer> AskHttpsAsync(Handle handle, CancellationToken cancellationToken)
    {
        try
        {
            var uri = new Uri($"https://{handle}/.well-known/atproto-did");
            FetchResponse response = await http.GetFollowingAsync(uri, accept: null, new(MaxWellKnownBytes, HttpsTimeout), cancellationToken);
            string line = Encoding.Latin1.GetString(response.Body).Split('\n', 2)[0].Trim();
            return response.IsSuccess ? HandleAnswer.Of(line) : HandleAnswer.Nothing;
        }
        catch (FetchException)
        {
            return HandleAnswer.Unknown;
        }
    }
}

/// <summary>What looking up a handle brought.</summary>
/// <param name="Did">The DID, or <see langword="null"/>.</param>
/// <param name="IsCertain">Whether all who could know were heard.</param>
internal readonly record struct HandleAnswer(Did? Did, bool IsCertain)
{
    /// <summary>Nothing is published.</summary>
    public static readonly HandleAnswer Nothing = new(Did: null, IsCertain: true);

    /// <summary>Nobody answered.</summary>
    public static readonly HandleAnswer Unknown = new(Did: null, IsCertain: false);

    /// <summary>What was published; nothing unless it is a DID of a method that accounts use.</summary>
    public static HandleAnswer Of(string text) =>
        Domain.Identifiers.Did.TryParse(text, out Did did) && did.Method is "plc" or "web" ? new(did, IsCertain: true) : Nothing;
}
