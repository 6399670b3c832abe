using System.Net;
using System.Net.Sockets;
using Pds.Application.Server;
using Pds.Application.Settings;

namespace Pds.Server.Hosting;

/// <summary>The port, looked at before the database is touched or anybody is told of the server.</summary>
internal static class ListeningPort
{
    /// <exception cref="StartRefusedException">The server could not listen on it.</exception>
    public static void RequireFree(ServerSettings options)
    {
        IPAddress[] addresses = options.DevMode ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any];
        foreach (IPAddress address in addresses)
        {
            try
            {
                using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                if (address.Equals(IPAddress.IPv6Any))
                {
                    socket.DualMode = true;
                }

                socket.Bind(new IPEndPoint(address, options.Port));
                socket.Listen();
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new StartRefusedException(
                    $"Port {options.Port} is taken: another program listens on it already. Stop that program (`ss -ltnp 'sport = :{options.Port}'` names it), or choose another port in PDS_PORT.",
                    exception);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AccessDenied)
            {
                throw new StartRefusedException(
                    $"Port {options.Port} needs rights that this process does not have; ports below 1024 are the system's. Choose another port in PDS_PORT, such as 2583, and let a proxy listen on this one.",
                    exception);
            }
            catch (SocketException)
            {
                // No IPv6 here, say. Kestrel listens on what there is, and says what it cannot.
            }
        }
    }
}
