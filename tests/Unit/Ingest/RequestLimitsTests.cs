using System.Globalization;
using System.Text.Json.Nodes;
using Collector.Ingest;

namespace Collector.Tests.Unit.Ingest;

/// <summary>The limits of one request: the last value that passes, and the first that does not.</summary>
public sealed class RequestLimitsTests
{
    [Fact]
    public async Task An_entry_may_report_the_calls_of_a_minute_and_an_event_that_reports_more_is_implausible()
    {
        var bench = new IngestBench();
        var answer = IngestBench.Json(await bench.Post(Events(Counts(Limits.CallsPerEntry), Counts(Limits.CallsPerEntry + 1), Counts(1))));
        Assert.Equal((3, 2), ((int)answer["received"]!, (int)answer["stored"]!));
        Assert.Equal((1, "aws_request_agg", "implausible"), Dropped(answer));
        await bench.Count();
        Assert.Equal(1, Counted(bench, "dropped#implausible"));
        Assert.Equal(Limits.CallsPerEntry + 1, Counted(bench, "PutObject#200"));
    }

    [Fact]
    public async Task An_event_that_exceeds_the_calls_of_a_request_is_dropped_and_the_others_are_kept()
    {
        var bench = new IngestBench();
        var answer = IngestBench.Json(await bench.Post(Events(Counts(Limits.CallsPerEntry), Counts(Limits.CallsPerEntry), Counts(1))));
        Assert.Equal((2, "aws_request_agg", "implausible"), Dropped(answer));
        await bench.Count();
        Assert.Equal(Limits.CallsPerRequest, Counted(bench, "PutObject#200"));
    }

    [Fact]
    public async Task An_event_with_thousands_of_huge_counts_is_dropped_completely()
    {
        var bench = new IngestBench();
        var entries = string.Join(',', Enumerable.Repeat("""{"service":"braket","operation":"CancelJob","status_code":200,"count":1000000}""", 5_000));
        var answer = IngestBench.Json(await bench.Post($$$"""{"name":"aws_request_agg","payload":{"api_calls":[{{{entries}}}]}}""", "requests"));
        Assert.Equal((0, "aws_request_agg", "implausible"), Dropped(answer));
        await bench.Count();
        Assert.Equal(0, Counted(bench, "CancelJob#200"));
    }

    [Fact]
    public async Task Events_beyond_the_entries_and_operations_of_a_request_are_dropped()
    {
        var limits = new RequestLimits(Entries: 3, Operations: 2);
        var entry = Counts(1);
        Assert.Equal(3, (int)IngestBench.Json(await new IngestBench { Limits = limits }.Post(Events(entry, entry, entry)))["stored"]!);
        Assert.Equal((3, "aws_request_agg", "too_many"), Dropped(
            IngestBench.Json(await new IngestBench { Limits = limits }.Post(Events(entry, entry, entry, entry)))));
        string[] operations = [Counts(1, "PutObject"), Counts(1, "GetObject"), Counts(1, "PutObject")];
        Assert.Equal(3, (int)IngestBench.Json(await new IngestBench { Limits = limits }.Post(Events(operations)))["stored"]!);
        operations[2] = Counts(1, "ListBuckets");
        Assert.Equal((2, "aws_request_agg", "too_many"), Dropped(
            IngestBench.Json(await new IngestBench { Limits = limits }.Post(Events(operations)))));
    }

    private static string Events(params string[] events) => $$"""{"events":[{{string.Join(',', events)}}]}""";

    private static string Counts(int calls, string operation = "PutObject") =>
        $$$"""{"name":"aws_request_agg","payload":{"api_calls":[{"service":"s3","operation":"{{{operation}}}","status_code":200,"count":{{{calls}}}}]}}""";

    private static (int Index, string? Name, string? Reason) Dropped(JsonObject answer)
    {
        var dropped = Assert.Single(answer["dropped"]!.AsArray())!;
        return ((int)dropped["index"]!, (string?)dropped["name"], (string?)dropped["reason"]);
    }

    private static long Counted(IngestBench bench, string attribute) =>
        bench.DynamoDb.Items("counters").Sum(
            item => item.TryGetValue(attribute, out var number) ? long.Parse(number.N, CultureInfo.InvariantCulture) : 0);
}
