using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>Sends requests as the real clients do: with their headers and bytes.</summary>
internal static class Client
{
    public const string SessionId = "880c3de5-a2e9-4077-a334-3426cdeefe24";

    /// <summary>An address from the range reserved for documentation, as a proxy would pass it on.</summary>
    public const string Address = "203.0.113.77";

    public static byte[] Corpus(string file) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "corpus", "protocol", file));

    /// <summary>Sends a POST request as the runtime does.</summary>
    public static Task<HttpResponseMessage> Post(this RunningCollector collector, string path, byte[] body,
        string? contentType = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post,
            new Uri(collector.BaseAddress, path)) { Content = new ByteArrayContent(body) };
        if (contentType is not null) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.Add("User-Agent", "localstack/2026.3.1");
        request.Headers.Add("Localstack-Session-ID", SessionId);
        request.Headers.Add("Accept-Encoding", "gzip, deflate");
        request.Headers.Add("X-Forwarded-For", Address);
        return collector.Client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> Post(this RunningCollector collector, string path, string body) =>
        collector.Post(path, Encoding.UTF8.GetBytes(body));

    /// <summary>Reads a usage report with the operator key.</summary>
    public static async Task<JsonNode> Usage(this RunningCollector collector, string what)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(collector.BaseAddress, "usage/" + what));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningCollector.OperatorKey);
        using var response = await collector.Client.SendAsync(request);
        return (await response.Json()).AsObject();
    }

    public static async Task<JsonNode> Json(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    /// <summary>The number of counted calls.</summary>
    public static async Task<long> Calls(this RunningCollector collector) => (long)(await collector.Usage("requests"))["total"]!["calls"]!;
}
