using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Collector.Tests.Integration.License;

/// <summary>
/// Between the SDK and DynamoDB Local: notes down what is asked, and can be the moment at which a process dies, before a call or between a call and its
/// answer.
/// </summary>
internal sealed class StoreTap : HttpClientFactory
{
    private readonly Lock gate = new();
    private readonly List<StoreCall> calls = [];
    private int? diesAt;
    private bool answerLost;

    public IReadOnlyList<StoreCall> Calls
    {
        get
        {
            lock (gate) return [.. calls];
        }
    }

    /// <summary>Whether the moment of death has come.</summary>
    public bool IsDead { get; private set; }

    /// <summary>From the n-th call on, counted from now, nothing gets through. Of that call itself only the answer, if so wanted.</summary>
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

    public void Forget()
    {
        lock (gate) calls.Clear();
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(this));

    private sealed class Handler(StoreTap tap) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var operation = request.Headers.GetValues("X-Amz-Target").Single().Split('.')[1];
            var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsObject();
            var applied = false;
            lock (tap.gate)
            {
                tap.calls.Add(new StoreCall(operation, body));
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

/// <summary>A call of DynamoDB's API, as it went over the wire.</summary>
internal sealed record StoreCall(string Operation, JsonObject Request);
