using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Collector.Local.DynamoDb;

/// <summary>A small client for the JSON protocol of DynamoDB and DynamoDB Streams, for the host itself.</summary>
internal sealed class DynamoDbClient(Uri endpoint) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20) })
    {
        BaseAddress = endpoint,
        Timeout = TimeSpan.FromSeconds(20),
    };

    public Uri Endpoint => endpoint;

    /// <param name="operation">The API and the operation: <c>DynamoDB_20120810.CreateTable</c>.</param>
    /// <exception cref="DynamoDbException">It answered with an error.</exception>
    /// <exception cref="HttpRequestException">It did not answer.</exception>
    public async Task<JsonObject> Call(string operation, JsonObject request, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/");
        message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.ToJsonString()));
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.0");
        message.Headers.Add("X-Amz-Target", operation);
        // DynamoDB Local requires a credential of this form, and does not check the signature.
        message.Headers.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local");
        using var response = await http.SendAsync(message, cancellation);
        var text = await response.Content.ReadAsByteArrayAsync(cancellation);
        JsonObject? answer = null;
        try
        {
            answer = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // The answer is not from DynamoDB; its status is reported.
        }

        if (response.IsSuccessStatusCode && answer is not null)
            return answer;
        var type = ((string?)answer?["__type"] ?? "").Split('#')[^1];
        throw new DynamoDbException(type, (string?)answer?["message"] ?? (string?)answer?["Message"]
            ?? $"status {(int)response.StatusCode}");
    }

    public void Dispose() => http.Dispose();
}
