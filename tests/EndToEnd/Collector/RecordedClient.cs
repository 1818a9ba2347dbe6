using System.Net.Http.Headers;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>
/// Sends the clients' recorded requests, unless the environment disables them: <c>DISABLE_EVENTS=1</c> for the runtime and its CLI,
/// <c>LOCALSTACK_DISABLE_EVENTS=1</c> for lstk (protocol.md).
/// </summary>
internal sealed class RecordedClient(HttpClient http, Uri analyticsApi, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>The number of requests sent.</summary>
    public int Sent { get; private set; }

    /// <summary>Sends a session with its batch, and a CLI command.</summary>
    public async Task RunLocalStack()
    {
        if (environment.GetValueOrDefault("DISABLE_EVENTS") == "1") return;
        await Send("session", "session.json", "localstack/2026.3.1");
        await Send("events", "runtime-batch.json", "localstack/2026.3.1");
        await Send("events", "cli.json", "localstack/2026.3.1");
    }

    public async Task RunLstk()
    {
        if (environment.GetValueOrDefault("LOCALSTACK_DISABLE_EVENTS") == "1") return;
        await Send("events", "lstk.json", "localstack lstk/0.9.1 (linux; amd64)");
    }

    private async Task Send(string path, string file, string userAgent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            new Uri(analyticsApi, path)) { Content = new ByteArrayContent(Client.Corpus(file)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        Sent++;
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
