using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Collector.Ingest;
using Collector.Policy;

namespace Collector.Benchmarks;

/// <summary>
/// What reading and cleaning a batch of twenty events costs, against nothing but parsing the same bytes with <see cref="JsonDocument"/>. The goal is a
/// ratio of at most 3. Failing calls that all say different things cost most: each message is taken apart word by word.
/// </summary>
[MemoryDiagnoser]
public class CleaningBenchmarks
{
    private readonly CollectionPolicy policy = CollectionPolicy.Load(
        new PolicySwitches(true, [], new Dictionary<string, int>()), new Fingerprints("a secret for benchmarks, 32 characters long"));

    private byte[] body = [];

    /// <summary>
    /// The events of the batch: a mix as a Pro client sends it, the same call that fails again and again, failing calls of which each says something else,
    /// or counts alone.
    /// </summary>
    [Params("mixed", "errors", "different", "counts")]
    public string Batch { get; set; } = "mixed";

    [GlobalSetup]
    public void Prepare()
    {
        var recorded = JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "corpus", "protocol", "runtime-batch.json")))!["events"]!.AsArray();
        var kinds = Batch switch
        {
            "errors" or "different" => [recorded[2]!],
            "counts" => [recorded[0]!],
            _ => recorded.Select(e => e!).ToArray(),
        };
        var events = new JsonArray([.. Enumerable.Range(0, 20).Select(i => At(kinds[i % kinds.Length].DeepClone(), i))]);
        if (Batch == "different") foreach (var failed in events.Zip(Messages())) failed.First!["payload"]!["err_msg"] = failed.Second;
        body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["events"] = events }, NodeJson.Default.JsonObject);
    }

    // No two events have their time in common.
    private static JsonNode At(JsonNode untrusted, int place)
    {
        untrusted["metadata"]!["client_time"] = $"2026-11-22 07:32:46.{104_217 + (place * 1_371)}";
        return untrusted;
    }

    // The lengths are those of real messages, around that of the recorded one.
    private static IEnumerable<string> Messages() => Enumerable.Range(0, 20).Select(i => (i % 4) switch
    {
        0 => $"The specified queue does not exist for this wsdl version {i}.",
        1 => $"Requested resource not found: Table: orders-{i} not found",
        2 => $"User: arn:aws:iam::00000000000{i % 10}:user/jane is not authorized to perform this action",
        _ => $"The specified bucket does not exist: backup.{i}",
    });

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
            if (policy.Clean(untrusted!, EventTier.Pro).Event is not null) kept++;
        }

        return kept == envelope.Events.Count ? kept : throw new InvalidOperationException("an event of the batch was dropped");
    }
}
