using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Collector.Benchmarks.Comparison;

/// <summary>Answers a request (its head with request line and headers, and its body) with the bytes of a complete HTTP answer.</summary>
internal delegate ReadOnlyMemory<byte> HttpAnswer(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body);

/// <summary>
/// An HTTP/1.1 server that answers at once, with one thread and one buffer per connection. An empty answer closes the connection.
/// </summary>
internal sealed class HttpStub : IDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HttpAnswer answer;

    public HttpStub(HttpAnswer answer)
    {
        this.answer = answer;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(64);
        Start(Accept);
    }

    /// <summary>host:port.</summary>
    public string Address => listener.LocalEndPoint!.ToString()!;

    /// <summary>A complete answer: status line, headers and body.</summary>
    /// <param name="headers">Header lines that end with CR LF; the length is added.</param>
    public static byte[] Message(string status, string headers, ReadOnlySpan<byte> body)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\n{headers}Content-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    public void Dispose() => listener.Dispose();

    private static void Start(Action action) => new Thread(() =>
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The process or this server has ended.
        }
    })
    { IsBackground = true }.Start();

    private void Accept()
    {
        while (true)
        {
            var connection = listener.Accept();
            connection.NoDelay = true;
            Start(() => Serve(connection));
        }
    }

    private void Serve(Socket connection)
    {
        using var open = connection;
        var buffer = new byte[256 * 1024];
        var filled = 0;
        while (true)
        {
            var head = Head(buffer.AsSpan(0, filled));
            var length = head < 0 ? 0 : ContentLength(buffer.AsSpan(0, head));
            if (head < 0 || filled < head + length)
            {
                if (filled == buffer.Length || head + length > buffer.Length) Array.Resize(ref buffer, buffer.Length * 4);
                var read = connection.Receive(buffer.AsSpan(filled));
                if (read == 0) return;
                filled += read;
                continue;
            }

            var said = answer(buffer.AsSpan(0, head), buffer.AsSpan(head, length));
            if (said.IsEmpty) return;
            for (var rest = said.Span; !rest.IsEmpty;) rest = rest[connection.Send(rest)..];
            filled -= head + length;
            Buffer.BlockCopy(buffer, head + length, buffer, 0, filled);
        }
    }

    // The length of the head including its empty line; -1 when it has not arrived completely.
    private static int Head(ReadOnlySpan<byte> bytes) => bytes.IndexOf("\r\n\r\n"u8) is >= 0 and var end ? end + 4 : -1;

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        foreach (var line in head.Split("\r\n"u8))
        {
            var header = head[line];
            if (header.Length > 15 && Ascii.EqualsIgnoreCase(header[..15], "content-length:"u8))
                return int.Parse(header[15..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
        }

        return 0;
    }
}
