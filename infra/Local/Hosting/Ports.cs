using System.Net;
using System.Net.Sockets;

namespace Collector.Local.Hosting;

internal static class Ports
{
    /// <summary>Whether somebody listens there on the IPv4 loopback address.</summary>
    public static bool IsTaken(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
