using System.Text;
using System.Text.Json;
using Collector.Local.Lambda;

namespace Collector.Tests.Unit.Local;

/// <summary>A function whose result depends on the sequence numbers of its batch. It keeps every event.</summary>
internal sealed class ScriptedInvoker(Func<string[], (InvocationOutcome Outcome, string Answer)> decide) : IInvoker
{
    public List<JsonElement> Events { get; } = [];

    /// <summary>The sequence numbers of each invocation, joined by commas.</summary>
    public IEnumerable<string> Batches => Events.Select(e => string.Join(',', Numbers(e)));

    public Task<InvocationResult> Invoke(Invocation invocation, CancellationToken cancellation)
    {
        var sent = JsonDocument.Parse(invocation.Payload).RootElement;
        Events.Add(sent);
        var (outcome, answer) = decide(Numbers(sent));
        return Task.FromResult(new InvocationResult(outcome, Encoding.UTF8.GetBytes(answer), invocation.RequestId));
    }

    private static string[] Numbers(JsonElement sent) =>
        [.. sent.GetProperty("Records").EnumerateArray()
            .Select(record => record.GetProperty("dynamodb").GetProperty("SequenceNumber").GetString()!)];
}
