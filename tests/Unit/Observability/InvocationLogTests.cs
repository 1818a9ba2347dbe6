using System.Text;
using System.Text.Json.Nodes;
using Collector.Observability;
using Collector.Storage;
using Collector.Tests.Unit.Ingest;
using Microsoft.Extensions.Time.Testing;

namespace Collector.Tests.Unit.Observability;

/// <summary>The line of an invocation: JSON, CloudWatch's embedded metric format, and numbers only.</summary>
public sealed class InvocationLogTests : IDisposable
{
    private readonly MemoryStream output = new();
    private readonly FakeTimeProvider clock = new(TestTime.Start);
    private readonly InvocationLog log;

    public InvocationLogTests() => log = new InvocationLog(output, "Events", "usage-collector/test", clock);

    public void Dispose() => output.Dispose();

    [Fact]
    public async Task An_invocation_is_one_line_with_its_numbers_and_the_first_one_says_that_it_was_cold()
    {
        await Invoke(report =>
        {
            report.Count(received: 5, stored: 2, duplicates: 1);
            report.Dropped("invalid");
            report.Dropped("too_many", 1);
        });
        await Invoke(_ => { });

        var lines = Lines();
        Assert.Equal(2, lines.Count);
        Assert.Equal(
            ("00000000-0000-0000-0000-000000000000", "Events", "done", 200),
            ((string?)lines[0]["requestId"], (string?)lines[0]["function"], (string?)lines[0]["outcome"], (int)lines[0]["status"]!));
        Assert.Equal(
            (5, 2, 1, 1, 1, 1),
            ((int)lines[0]["received"]!, (int)lines[0]["stored"]!, (int)lines[0]["duplicates"]!, (int)lines[0]["dropped_invalid"]!,
                (int)lines[0]["dropped_too_many"]!, (int)lines[0]["cold_starts"]!));
        Assert.Null(lines[1]["cold_starts"]);
        Assert.False((bool)lines[1]["cold_start"]!);
    }

    [Fact]
    public async Task Every_metric_that_is_announced_is_there_and_the_function_is_the_only_dimension()
    {
        await Invoke(report =>
        {
            report.Count(1, 1, 0);
            report.Lag = TimeSpan.FromSeconds(3);
        }, storeCalls: 3);
        await Invoke(_ => { });

        foreach (var line in Lines())
        {
            Assert.Equal(clock.GetUtcNow().ToUnixTimeMilliseconds(), (long)line["_aws"]!["Timestamp"]!);
            var directive = Assert.Single(line["_aws"]!["CloudWatchMetrics"]!.AsArray())!;
            Assert.Equal("usage-collector/test", (string?)directive["Namespace"]);
            Assert.Equal("""[["function"]]""", directive["Dimensions"]!.ToJsonString());
            Assert.True(line["function"] is JsonValue);
            foreach (var metric in directive["Metrics"]!.AsArray())
            {
                Assert.Contains((string?)metric!["Unit"], new[] { "Count", "Milliseconds" });
                var value = line[(string)metric["Name"]!];
                Assert.True(value is JsonArray { Count: > 0 and <= 100 } values ? values.All(IsNumber) : IsNumber(value),
                    (string?)metric["Name"]);
            }
        }
    }

    [Fact]
    public async Task More_store_calls_than_CloudWatch_takes_values_are_counted_all_the_same()
    {
        await Invoke(_ => { }, storeCalls: 101);
        var line = Lines()[0];
        Assert.Equal((101, 100), ((int)line["store_calls"]!, line["store_latency_ms"]!.AsArray().Count));
    }

    [Theory]
    [InlineData(200, "done")]
    [InlineData(399, "done")]
    [InlineData(400, "refused")]
    [InlineData(499, "refused")]
    [InlineData(500, "failed")]
    [InlineData(503, "unavailable")]
    public async Task The_outcome_is_what_the_status_says(int status, string outcome)
    {
        await Invoke(_ => { }, status);
        Assert.Equal(outcome, (string?)Lines()[0]["outcome"]);
    }

    [Fact]
    public async Task A_handler_that_throws_has_its_line_and_the_exception_goes_on_without_its_text()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            log.Observe<int>(new TestContext(new RecordingLog()), () => throw new InvalidDataException("SECRET")));
        Assert.Equal("failed", (string?)Lines()[0]["outcome"]);
        Assert.DoesNotContain("SECRET", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_invocations_at_once_do_not_mix_their_numbers()
    {
        await Task.WhenAll(Enumerable.Range(1, 20)
            .Select(number => Invoke(report => report.Count("received", number), storeCalls: number)));
        Assert.All(Lines(), line => Assert.Equal((int)line["received"]!, (int)line["store_calls"]!));
        Assert.Equal(20, Lines().Count);
    }

    private Task<int> Invoke(Action<InvocationReport> note, int status = 200, int storeCalls = 0) => log.Observe(
        new TestContext(new RecordingLog()),
        async () =>
        {
            await Task.Yield();
            note(InvocationReport.Current!);
            await Task.WhenAll(Enumerable.Range(0, storeCalls).Select(_ => Store.Call(() => Task.FromResult(0))));
            InvocationReport.Current!.Status = status;
            return 0;
        });

    private List<JsonObject> Lines() =>
        [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.AsObject())];

    private static bool IsNumber(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.Number;
}
