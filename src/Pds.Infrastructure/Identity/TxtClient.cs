using System.Diagnostics.CodeAnalysis;
using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace Pds.Infrastructure.Identity;

/// <summary>Asks recursive name servers for TXT records: by UDP, and by TCP where the answer was cut. Safe for concurrent use.</summary>
/// <remarks>Only the first real answer counts, so each server is asked alone. Answers are not kept: the caches of DIDs and handles have rules of their own.</remarks>
internal sealed class TxtClient(TimeProvider time)
{
    private const int Rounds = 2;
    private const int MaxServers = 6;
    private const int MaxAliases = 8;

    /// <summary>Longest datagram that is announced, in bytes: fits any path without fragments.</summary>
    private const int MaxDatagram = 1232;

    /// <summary>The length at which nothing is announced, for servers that do not know EDNS.</summary>
    private const int PlainDatagram = 512;

    private static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(1);

    private readonly LookupClient _client = new(new LookupClientOptions { AutoResolveNameServers = false });

    /// <summary>The TXT records of a name.</summary>
    /// <param name="name">A name that fits the DNS: ASCII, no dot at the end.</param>
    /// <param name="servers">Asked in this order, twice; the first real answer counts.</param>
    /// <param name="timeout">For all of it together.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>One string for each record, chunks joined; empty when there are none; <see langword="null"/> when no server gave an answer.</returns>
    public async Task<IReadOnlyList<string>?> QueryAsync(string name, IReadOnlyList<IPEndPoint> servers, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                foreach (IPEndPoint server in servers.Take(MaxServers))
                {
                    if (await AskAsync(name, server, both.Token) is { Header.ResponseCode: DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain } answer)
                    {
                        return TextsOf(name, answer.Answers);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Out of time, which is no answer.
        }

        return null;
    }

    private async Task<IDnsQueryResponse?> AskAsync(string name, IPEndPoint server, CancellationToken cancellationToken)
    {
        IDnsQueryResponse? answer = await AskAsync(name, server, MaxDatagram, cancellationToken);
        return answer is { Header.ResponseCode: DnsHeaderResponseCode.FormatError or DnsHeaderResponseCode.NotImplemented }
            ? await AskAsync(name, server, PlainDatagram, cancellationToken)
            : answer;
    }

    [SuppressMessage("Design", "CA1031", Justification = "What is malformed or forged comes out of the package as exceptions of many kinds, one of them internal to it.")]
    private async Task<IDnsQueryResponse?> AskAsync(string name, IPEndPoint server, int datagram, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TryTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        DnsQueryOptions options = new() { UseCache = false, Retries = 0, ExtendedDnsBufferSize = datagram };
        try
        {
            IDnsQueryResponse answer = await _client.QueryServerAsync([new NameServer(server)], new DnsQuestion(name, QueryType.TXT), options, both.Token);
            return IsTo(answer, name) ? answer : null;
        }
        catch (Exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Whether it repeats the question; who could not read that need not.</summary>
    private static bool IsTo(IDnsQueryResponse answer, string name) => answer.Questions switch
    {
        [{ QuestionType: QueryType.TXT, QueryName.Value: string asked }] => string.Equals(asked, $"{name}.", StringComparison.OrdinalIgnoreCase),
        [] => answer.Header.ResponseCode is DnsHeaderResponseCode.FormatError or DnsHeaderResponseCode.NotImplemented,
        _ => false,
    };

    /// <summary>The texts of the name itself, or of what it is an alias of; records of other names are left out.</summary>
    private static List<string> TextsOf(string name, IReadOnlyList<DnsResourceRecord> records)
    {
        string owner = $"{name}.";
        for (int i = 0; i < MaxAliases && records.CnameRecords().FirstOrDefault(record => IsOf(record, owner)) is { } alias; i++)
        {
            owner = alias.CanonicalName.Value;
        }

        return [.. records.TxtRecords().Where(record => IsOf(record, owner)).Select(record => string.Concat(record.Text))];
    }

    private static bool IsOf(DnsResourceRecord record, string owner) => string.Equals(record.DomainName.Value, owner, StringComparison.OrdinalIgnoreCase);
}
