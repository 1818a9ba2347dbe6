using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Collector.Tests.Fleet.Faults;
using Collector.Tests.Fleet.Truth;

namespace Collector.Tests.Fleet.Clients;

/// <summary>The path from a client to the gateway, with faults; records the outcome of every batch.</summary>
/// <param name="faults">The faults of requests; null means none.</param>
internal sealed class Sender(HttpClient http, KnownTruth truth, Meter meter, ClientFaults? faults, int connections, TimeProvider time)
    : IDisposable
{
    private const int Attempts = 6;
    private readonly SemaphoreSlim free = new(connections);
    private readonly List<Task> late = [];

    /// <summary>
    /// Sends a batch. Returns the answer's <c>track_events</c> for a session, true for other acknowledged batches, and null
    /// without an answer.
    /// </summary>
    public async Task<bool?> Send(Batch batch)
    {
        switch (faults?.Next() ?? ClientFault.None)
        {
            case ClientFault.SentTwice:
                var first = await Try(batch);
                return Settle(batch, await Try(batch) ?? first);
            case ClientFault.SentTwiceAtOnce:
                var both = await Task.WhenAll(Try(batch), Try(batch));
                return Settle(batch, both[0] ?? both[1]);
            case ClientFault.Late:
                await Task.Delay(faults!.Delay(), time);
                return Settle(batch, await Insist(batch));
            case ClientFault.OutOfOrder when !batch.IsSession:
                // The client continues; its next requests overtake this one.
                lock (late) late.Add(Overtaken(batch));
                return true;
            case ClientFault.CutThenSentAgain:
                await Try(batch, cut: true);
                return Settle(batch, await Insist(batch));
            case ClientFault.Cut:
                await Try(batch, cut: true);
                return Settle(batch, null);
            default:
                return Settle(batch, await Insist(batch));
        }
    }

    /// <summary>Waits for the batches that are still on their way.</summary>
    public Task Finish()
    {
        lock (late) return Task.WhenAll(late);
    }

    public void Dispose() => free.Dispose();

    private async Task Overtaken(Batch batch)
    {
        await Task.Delay(faults!.Delay(), time);
        Settle(batch, await Insist(batch));
    }

    // Clients never repeat a request. With faults, a proxy in between repeats it a few times, so that most events are acknowledged.
    private async Task<JsonObject?> Insist(Batch batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await Try(batch) is { } answer) return answer;
            if (faults is null || attempt == Attempts) return null;
            await Task.Delay(faults.Delay(), time);
        }
    }

    private bool? Settle(Batch batch, JsonObject? answer)
    {
        if (answer is null)
        {
            truth.GiveUp(batch);
            return null;
        }

        truth.Acknowledge(batch, batch.IsInLedger ? answer["stripped"]?.AsObject()
            .ToDictionary(field => field.Key, field => (long)field.Value!) : null);
        return batch.IsSession ? (bool?)answer["track_events"] : true;
    }

    // The answer of a 2xx; null for every other status, and when the connection was cut.
    private async Task<JsonObject?> Try(Batch batch, bool cut = false)
    {
        await free.WaitAsync();
        try
        {
            using var aborted = new CancellationTokenSource();
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(batch.Path, UriKind.Relative));
            request.Content = new SentContent(batch.Body, async () =>
            {
                if (!cut) return;
                await Task.Delay(faults!.Instant(), time);
                try
                {
                    await aborted.CancelAsync();
                }
                catch (ObjectDisposedException)
                {
                    // The answer was faster.
                }
            });
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            foreach (var (name, value) in batch.Headers) request.Headers.TryAddWithoutValidation(name, value);
            var start = meter.Start();
            using var response = await http.SendAsync(request, aborted.Token);
            var body = await response.Content.ReadAsStringAsync(aborted.Token);
            meter.Answered(start, batch.Events);
            return response.IsSuccessStatusCode ? JsonNode.Parse(body)!.AsObject() : null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            return null;
        }
        finally
        {
            free.Release();
        }
    }
}
