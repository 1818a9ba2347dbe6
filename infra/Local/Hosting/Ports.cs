using System.Net;
using System.Net.Sockets;

namespace Collector.Local.Hosting;

internal static class Ports
{
    /// <summary>Whether a process listens on this port of the IPv4 loopback address.</summary>
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
