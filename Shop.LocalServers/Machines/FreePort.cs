using System.Net;
using System.Net.Sockets;

namespace Shop.LocalServers.Machines;

public static class FreePort
{
    private static readonly IPAddress[] Loopbacks = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>Returns a loopback port that was free a moment ago.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
