using System.Net;
using System.Net.Sockets;

namespace Shop.LocalServers.Machines;

public static class FreePort
{
    private const int First = 10_000;
    private const int End = 32_768;

    private static readonly IPAddress[] Loopbacks = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>
    /// Returns a port of localhost that was free a moment ago. It is below the ports that operating systems give to
    /// outgoing connections (32768 and above on Linux, 49152 on Windows and macOS), which could take it at any time.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (IsFree(port))
                return port;
        }
    }

    /// <summary>Whether nothing listens on a port of localhost, over IPv4 or IPv6.</summary>
    public static bool IsFree(int port) => Loopbacks.All(address => IsFree(address, port));

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException e)
        {
            // Any other error means that the machine does not have this address.
            return e.SocketErrorCode is not (SocketError.AddressAlreadyInUse or SocketError.AccessDenied);
        }
    }
}
