using System.Net;
using System.Net.Sockets;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Collector.Storage;

namespace Collector.Tests.Unit.Storage;

public sealed class StoreHttpTests
{
    private const string Item = """{"Item":{"id":{"S":"one"}}}""";

    [Fact]
    public async Task An_answer_that_stops_in_the_middle_is_abandoned_and_requested_again()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = Serve(listener);
        using var client = new AmazonDynamoDBClient(new BasicAWSCredentials("test", "test"), new AmazonDynamoDBConfig
        {
            ServiceURL = $"http://{listener.LocalEndpoint}",
            AuthenticationRegion = "us-east-1",
            HttpClientFactory = new StoreHttp(),
            Timeout = TimeSpan.FromSeconds(1),
        });

        var answer = await client.GetItemAsync("table", []);

        Assert.Equal("one", answer.Item["id"].S);
        using var stopped = await served;
    }

    /// <summary>Sends half of the first answer and keeps its connection open, then sends the whole second answer.</summary>
    /// <returns>The first connection.</returns>
    private static async Task<TcpClient> Serve(TcpListener listener)
    {
        var first = await listener.AcceptTcpClientAsync();
        await Answer(first, Item[..10]);
        using var second = await listener.AcceptTcpClientAsync();
        await Answer(second, Item);
        return first;
    }

    private static async Task Answer(TcpClient connection, string body)
    {
        var stream = connection.GetStream();
        await stream.ReadExactlyAsync(new byte[1]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {Item.Length}\r\n\r\n{body}"));
    }
}
