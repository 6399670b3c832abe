using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pds.UnitTests.Identity.Resolution;

/// <summary>A name server on 127.0.0.1, UDP and TCP on one port, that answers as the test says; <see langword="null"/> is silence.</summary>
internal sealed class FakeNameserver : IDisposable
{
    private readonly Socket _udp;
    private readonly TcpListener _tcp;
    private readonly Func<byte[], bool, IReadOnlyList<byte[]>> _answer;

    /// <param name="answer">Query and whether it came by TCP, to the messages sent back.</param>
    public FakeNameserver(Func<byte[], bool, IReadOnlyList<byte[]>> answer)
    {
        _answer = answer;
        (_udp, _tcp) = Listen();
        Endpoint = (IPEndPoint)_udp.LocalEndPoint!;
        _ = ServeUdpAsync();
        _ = ServeTcpAsync();
    }

    public IPEndPoint Endpoint { get; }

    public ConcurrentQueue<(byte[] Query, int SourcePort)> Queries { get; } = new();

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }

    /// <summary>A port that is free for one protocol may be taken for the other, so another one is tried.</summary>
    private static (Socket Udp, TcpListener Tcp) Listen()
    {
        while (true)
        {
            Socket udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            TcpListener tcp = new((IPEndPoint)udp.LocalEndPoint!);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                tcp.Dispose();
                udp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        byte[] buffer = new byte[2048];
        while (true)
        {
            SocketReceiveFromResult received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
            byte[] query = buffer[..received.ReceivedBytes];
            Queries.Enqueue((query, ((IPEndPoint)received.RemoteEndPoint).Port));
            foreach (byte[] message in _answer(query, false))
            {
                await _udp.SendToAsync(message, received.RemoteEndPoint);
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (true)
        {
            using TcpClient client = await _tcp.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            byte[] length = new byte[2];
            await stream.ReadExactlyAsync(length);
            byte[] query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(query);
            foreach (byte[] message in _answer(query, true))
            {
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)message.Length);
                await stream.WriteAsync(length);
                await stream.WriteAsync(message);
            }
        }
    }
}
