using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Collector.Tests.Integration.Ownership;

/// <summary>
/// Sits between the SDK and DynamoDB Local: records the calls, and can simulate the death of a process before a call or between a
/// call and its answer.
/// </summary>
internal sealed class StoreTap : HttpClientFactory
{
    private readonly Lock gate = new();
    private readonly List<StoreCall> calls = [];
    private int? diesAt;
    private bool answerLost;

    /// <summary>Whether calls are recorded.</summary>
    public bool Records { get; private set; }

    public IReadOnlyList<StoreCall> Calls
    {
        get
        {
            lock (gate) return [.. calls];
        }
    }

    /// <summary>Whether the process has died.</summary>
    public bool IsDead { get; private set; }

    /// <summary>
    /// Lets no call through from the n-th call on, counted from now; with <paramref name="answerLost"/> the n-th call itself arrives.
    /// </summary>
    public void DieAt(int call, bool answerLost)
    {
        lock (gate)
        {
            (diesAt, this.answerLost, IsDead) = (call, answerLost, false);
        }
    }

    public void Live()
    {
        lock (gate)
        {
            (diesAt, IsDead) = (null, false);
        }
    }

    /// <summary>Records calls from now on, and discards earlier ones.</summary>
    public void Record()
    {
        lock (gate)
        {
            calls.Clear();
            Records = true;
        }
    }

    /// <summary>Called at each call, for example to advance a clock.</summary>
    public Action? OnCall { get; set; }

    /// <summary>Called with each recorded call, one at a time.</summary>
    public Action<JsonObject>? OnRequest { get; set; }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(this));

    private sealed class Handler(StoreTap tap) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var operation = request.Headers.GetValues("X-Amz-Target").Single().Split('.')[1];
            var body = tap.Records ? JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsObject() : null;
            var applied = false;
            lock (tap.gate)
            {
                tap.OnCall?.Invoke();
                if (body is not null)
                {
                    tap.calls.Add(new StoreCall(operation, body));
                    if (operation == "UpdateItem") tap.OnRequest?.Invoke(body);
                }

                if (tap.IsDead) throw new HttpRequestException("dead");
                if (tap.diesAt is { } left && (tap.diesAt = left - 1) == 0)
                {
                    tap.IsDead = true;
                    if (!tap.answerLost) throw new HttpRequestException("dead");
                    applied = true;
                }
            }

            var response = await base.SendAsync(request, cancellationToken);
            return applied ? throw new HttpRequestException("dead before the answer") : response;
        }
    }
}

/// <summary>A call of DynamoDB's API as sent over the wire.</summary>
internal sealed record StoreCall(string Operation, JsonObject Request);
