using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Collector.Ingest;
using Collector.Policy;

namespace Collector.Benchmarks;

/// <summary>
/// What cleaning a batch of twenty events costs, against nothing but parsing the same bytes with <see cref="JsonDocument"/>. The goal is a ratio of at
/// most 3; what is measured includes the parsing.
/// </summary>
[MemoryDiagnoser]
public class CleaningBenchmarks
{
    private readonly CollectionPolicy policy = CollectionPolicy.Load(
        new PolicySwitches(true, [], new Dictionary<string, int>()), new Fingerprints("a secret for benchmarks, 32 characters long"));

    private byte[] body = [];

    /// <summary>The events of the batch: a mix as a Pro client sends it, failing calls with messages alone, or counts alone.</summary>
    [Params("mixed", "errors", "counts")]
    public string Batch { get; set; } = "mixed";

    [GlobalSetup]
    public void Prepare()
    {
        var recorded = JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "corpus", "protocol", "runtime-batch.json")))!["events"]!.AsArray();
        var kinds = Batch switch
        {
            "errors" => [recorded[2]!],
            "counts" => [recorded[0]!],
            _ => recorded.Select(e => e!).ToArray(),
        };
        var events = new JsonArray([.. Enumerable.Range(0, 20).Select(i => At(kinds[i % kinds.Length].DeepClone(), i))]);
        body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["events"] = events }, NodeJson.Default.JsonObject);
    }

    // No two events have their time in common.
    private static JsonNode At(JsonNode untrusted, int place)
    {
        untrusted["metadata"]!["client_time"] = $"2026-11-22 07:32:46.{104_217 + (place * 1_371)}";
        return untrusted;
    }

    [Benchmark(Baseline = true)]
    public int Parse()
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("events"u8).GetArrayLength();
    }

    [Benchmark]
    public int Clean()
    {
        using var envelope = Envelope.Parse(body);
        var memory = new BatchMemory();
        var kept = 0;
        foreach (var untrusted in envelope.Events)
        {
            if (policy.Find(untrusted) is { } rule && policy.Clean(rule, untrusted, EventTier.Pro, memory).Event is not null) kept++;
        }

        return kept == envelope.Events.Count ? kept : throw new InvalidOperationException("an event of the batch was dropped");
    }
}
