using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Collector.Ingest;
using Collector.Policy;

namespace Collector.Benchmarks;

/// <summary>
/// The cost of reading and cleaning a batch of twenty events, relative to parsing the same bytes with <see cref="JsonDocument"/>. The
/// goal is a ratio of at most 3. Batches whose events have nothing in common cost most: each message, trace and user agent is taken
/// apart word by word.
/// </summary>
[MemoryDiagnoser]
public class CleaningBenchmarks
{
    private readonly CollectionPolicy policy = CollectionPolicy.Load(
        new PolicySwitches(true, [], new Dictionary<string, int>()), new Fingerprints("a secret for benchmarks, 32 characters long"));

    private byte[] body = [];

    /// <summary>All values of <see cref="Batch"/>.</summary>
    public static string[] Batches { get; } = ["counts", "mixed", "errors", "different", "traces", "agents"];

    /// <summary>
    /// The events of the batch: a mix like that of a Pro client, one call that fails repeatedly, failing calls that each have another
    /// message, stack trace or user agent, or only counts.
    /// </summary>
    [ParamsSource(nameof(Batches))]
    public string Batch { get; set; } = "mixed";

    [GlobalSetup]
    public void Prepare()
    {
        var recorded = JsonNode.Parse(File.ReadAllBytes(
            Path.Combine(AppContext.BaseDirectory, "corpus", "protocol", "runtime-batch.json")))!["events"]!.AsArray();
        var kinds = Batch switch
        {
            "errors" or "different" or "traces" or "agents" => [recorded[2]!],
            "counts" => [recorded[0]!],
            _ => recorded.Select(e => e!).ToArray(),
        };
        var events = new JsonArray([.. Enumerable.Range(0, 20).Select(i => At(kinds[i % kinds.Length].DeepClone(), i))]);
        for (var i = 0; i < events.Count; i++)
        {
            var payload = events[i]!["payload"]!;
            if (Batch == "different") payload["err_msg"] = Message(i);
            if (Batch == "agents") payload["user_agent"] = Agent(i);
            if (Batch != "traces") continue;
            payload["status_code"] = 500;
            payload["stack_trace"] = Trace(i);
        }

        body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["events"] = events }, NodeJson.Default.JsonObject);
    }

    // Each event gets its own time.
    private static JsonNode At(JsonNode untrusted, int place)
    {
        untrusted["metadata"]!["client_time"] = $"2026-11-22 07:32:46.{104_217 + (place * 1_371)}";
        return untrusted;
    }

    // The lengths are those of real messages, close to the recorded one.
    private static string Message(int i) => (i % 4) switch
    {
        0 => $"The specified queue does not exist for this wsdl version {i}.",
        1 => $"Requested resource not found: Table: orders-{i} not found",
        2 => $"User: arn:aws:iam::00000000000{i % 10}:user/jane is not authorized to perform this action",
        _ => $"The specified bucket does not exist: backup.{i}",
    };

    // The format of the AWS CLI.
    private static string Agent(int i) =>
        $"aws-cli/2.{i}.1 md/awscrt#0.{i}.26 ua/2.0 os/linux#5.15.{i}-microsoft-standard-WSL2 md/arch#x86_64 lang/python#3.11.{i} md/pyimpl#CPython"
        + " cfg/retry-mode#standard md/installer#exe md/prompt#off md/command#s3.cp";

    // Ten frames with source lines and carets, as Python 3.11 writes them.
    private static string Trace(int i) =>
        "Traceback (most recent call last):\n" + string.Concat(Enumerable.Range(i, 10).Select(frame => (frame % 5) switch
        {
            0 => $"  File \"/opt/code/localstack/localstack-core/localstack/aws/chain.py\", line {100 + frame}, in handle\n    handler(self, self.context, response)\n",
            1 => $"  File \"/opt/code/localstack/localstack-core/localstack/aws/skeleton.py\", line {100 + frame}, in invoke\n    return self.dispatch(context)\n           ^^^^^^^^^^^^^^^^^^^^^^\n",
            2 => $"  File \"/opt/code/localstack/.venv/lib/python3.11/site-packages/moto/sqs/models.py\", line {100 + frame}, in delete_queue\n    self.queues.pop(name)\n",
            3 => $"  File \"/usr/lib/python3.11/threading.py\", line {100 + frame}, in run\n    self._target(*self._args, **self._kwargs)\n",
            _ => $"  File \"/opt/code/localstack/localstack-core/localstack/services/sqs/provider.py\", line {100 + frame}, in delete_queue\n    queue = self._resolve_queue(context)\n            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n",
        })) + $"KeyError: 'orders-{i}'";

    [Benchmark(Baseline = true)]
    public int Parse()
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("events"u8).GetArrayLength();
    }

    [Benchmark]
    public int Clean()
    {
        var envelope = Envelope.Parse(body, policy);
        var kept = 0;
        foreach (var untrusted in envelope.Events)
        {
            if (policy.Clean(untrusted!, Tier.Pro).Event is not null) kept++;
        }

        return kept == envelope.Events.Count ? kept : throw new InvalidOperationException("an event of the batch was dropped");
    }
}
