using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Collector.Tests.Integration.Ownership;

/// <summary>
/// Between the SDK and DynamoDB Local: notes down what is asked, and can be the moment at which a process dies, before a call or between a
/// call and its answer.
/// </summary>
internal sealed class StoreTap : HttpClientFactory
{
    private readonly Lock gate = new();
    private readonly List<StoreCall> calls = [];
    private int? diesAt;
    private bool answerLost;

    /// <summary>Whether calls are kept.</summary>
    public bool Records { get; private set; }

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

    /// <summary>Keeps calls from now on, and forgets those before.</summary>
    public void Record()
    {
        lock (gate)
        {
            calls.Clear();
            Records = true;
        }
    }

    /// <summary>Is done at each call, as a clock that goes on.</summary>
    public Action? OnCall { get; set; }

    /// <summary>Sees each call that is recorded, one at a time.</summary>
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

/// <summary>A call of DynamoDB's API, as it went over the wire.</summary>
internal sealed record StoreCall(string Operation, JsonObject Request);
