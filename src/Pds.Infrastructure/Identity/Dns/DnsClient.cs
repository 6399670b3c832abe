using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Pds.Infrastructure.Identity.Dns;

/// <summary>Asks recursive name servers for TXT records.</summary>
/// <remarks>
/// Every question has a random id and a socket of its own, so a random source port, and hears only the server it asked: what RFC 5452 asks
/// for against forged answers. Datagrams that do not fit the question are dropped and waited past.
/// </remarks>
internal sealed class DnsClient(TimeProvider time)
{
    private const int Rounds = 2;
    private const int MaxServers = 6;

    private static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The TXT records of a name.</summary>
    /// <param name="name">ASCII, no dot at the end.</param>
    /// <param name="servers">Asked in this order, twice; the first real answer counts.</param>
    /// <param name="timeout">For all of it together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One string per record, chunks joined; empty when there are none; <see langword="null"/> when no server gave an answer.</returns>
    public async Task<IReadOnlyList<string>?> QueryTxtAsync(string name, IReadOnlyList<IPEndPoint> servers, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                foreach (IPEndPoint server in servers.Take(MaxServers))
                {
                    if (await AskAsync(name, server, both.Token) is { Code: DnsCode.Success or DnsCode.NoSuchName } answer)
                    {
                        return answer.Texts;
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

    private async Task<DnsAnswer?> AskAsync(string name, IPEndPoint server, CancellationToken cancellationToken)
    {
        DnsAnswer? answer = await AskAsync(name, server, edns: true, cancellationToken);
        return answer is { Code: DnsCode.FormatError or DnsCode.NotImplemented } ? await AskAsync(name, server, edns: false, cancellationToken) : answer;
    }

    private async Task<DnsAnswer?> AskAsync(string name, IPEndPoint server, bool edns, CancellationToken cancellationToken)
    {
        ushort id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        if (DnsMessage.WriteTxtQuery(id, name, edns) is not { } query)
        {
            return new(DnsCode.NoSuchName, IsTruncated: false, []);
        }

        using var limit = new CancellationTokenSource(TryTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            DnsAnswer answer = await AskByUdpAsync(query, id, name, server, both.Token);
            return answer.IsTruncated ? await AskByTcpAsync(query, id, name, server, both.Token) : answer;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<DnsAnswer> AskByUdpAsync(byte[] query, ushort id, string name, IPEndPoint server, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken);
        await socket.SendAsync(query, cancellationToken);
        byte[] datagram = new byte[4096];
        while (true)
        {
            int length = await socket.ReceiveAsync(datagram, cancellationToken);
            if (DnsMessage.TryReadTxtAnswer(datagram.AsSpan(0, length), id, name, out DnsAnswer? answer))
            {
                return answer;
            }
        }
    }

    private static async Task<DnsAnswer?> AskByTcpAsync(byte[] query, ushort id, string name, IPEndPoint server, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        await using var stream = new NetworkStream(socket);
        byte[] framed = new byte[2 + query.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken);

        byte[] length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellationToken);
        byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, cancellationToken);
        return DnsMessage.TryReadTxtAnswer(message, id, name, out DnsAnswer? answer) && !answer.IsTruncated ? answer : null;
    }
}
