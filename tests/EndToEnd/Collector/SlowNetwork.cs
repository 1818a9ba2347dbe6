using System.Net;
using System.Net.Sockets;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>
/// A network between the functions and DynamoDB on which answers arrive in pieces, as they do outside of one machine. A function that
/// blocks the thread on which the next piece would arrive waits for ever; on the loopback interface, where an answer mostly arrives whole,
/// that is seldom seen.
/// </summary>
internal sealed class SlowNetwork : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();

    /// <summary>Starts it in front of a DynamoDB.</summary>
    /// <returns>The address that functions use.</returns>
    public Uri InFrontOf(Uri dynamoDb)
    {
        listener.Start();
        _ = Accept(dynamoDb);
        return new Uri($"http://{listener.LocalEndpoint}");
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Dispose();
        end.Dispose();
    }

    private async Task Accept(Uri dynamoDb)
    {
        while (!end.IsCancellationRequested) _ = Relay(await listener.AcceptTcpClientAsync(end.Token), dynamoDb);
    }

    private async Task Relay(TcpClient near, Uri dynamoDb)
    {
        using var far = new TcpClient();
        using (near)
        {
            await far.ConnectAsync(dynamoDb.Host, dynamoDb.Port, end.Token);
            near.NoDelay = far.NoDelay = true;
            // When one side closes, the other is closed too.
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), end.Token), InPieces(far.GetStream(), near.GetStream()));
        }
    }

    private async Task InPieces(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, end.Token) is > 0 and var length)
        {
            // The last byte always comes alone: no answer arrives whole.
            foreach (var (start, count) in new[] { (0, length - 1), (length - 1, 1) })
            {
                await to.WriteAsync(buffer.AsMemory(start, count), end.Token);
                await Task.Delay(Pause, TimeProvider.System, end.Token);
            }
        }
    }
}
