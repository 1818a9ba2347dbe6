using System.Globalization;
using System.Text;

namespace Collector.Benchmarks.Comparison;

/// <summary>
/// The page of what was measured. What is written by hand below the mark is kept: what was tried, and why a goal is not met.
/// </summary>
internal sealed class BenchmarkPage(
    ComparisonOptions options, ComparisonResult result, IReadOnlyList<MemoryCost> memory, IReadOnlyList<CleaningCost> cleaning,
    IReadOnlyList<GrowthSeries> growth, TimeProvider time)
{
    private const string Mark = "<!-- The rest of the page is written by hand; infra/bench.sh keeps it. -->";

    private readonly StringBuilder page = new();

    /// <summary>The page's text. <paramref name="before"/> is the page as it stands; null when there is none.</summary>
    public string Write(string? before)
    {
        Line("# Benchmarks");
        Line();
        Line("`infra/bench.sh` compares the published executable with the same job in Node.js and in Python, and writes this page.");
        Line();
        Line($"Measured on {time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} with {MachineFacts.Versions(options)}, on {MachineFacts.Machine()}. Ratios are more reliable than absolute figures: all programs are measured in turn, so a slow minute of the machine affects all of them.");
        Line();
        Goals();
        Compared();
        Aggregator();
        Memory();
        Cleaning();
        Growth();
        Line(Mark);
        var kept = before?.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at ? before[(at + Mark.Length)..] : "\n";
        return page + kept.TrimStart('\n').Insert(0, "\n");
    }

    /// <summary>The goals and the comparison alone, for a terminal.</summary>
    public string Summary()
    {
        Goals();
        Compared();
        Aggregator();
        return page.ToString();
    }

    private void Goals()
    {
        Line("## Goals");
        Line();
        Line("| figure | goal | measured | met |");
        Line("| --- | ---: | ---: | --- |");
        foreach (var goal in Goal.Of(result))
        {
            Line($"| {goal.What} | {(goal.AtMost ? "at most" : "at least")} {goal.Limit.ToString(CultureInfo.InvariantCulture)} | {goal.Measured.ToString(goal.Limit < 1 ? "F2" : "F1", CultureInfo.InvariantCulture)}{goal.Remark} | {(goal.IsMet ? "yes" : "**no**")} |");
        }

        Line();
        Line("The write units for 1,000 events do not depend on the machine; `CostTests` computes them.");
        Line();
    }

    private void Compared()
    {
        Line("## Comparison with Node.js and Python");
        Line();
        Line("Each program runs as a separate process with Lambda's environment. Stubs of the Runtime API and of DynamoDB on the same machine answer immediately, over HTTP without TLS. Processor time is the user and system time of the process. A cold start is measured with one new process that answers `POST /session`, and another that answers a first batch. *Warm* means batches of 20 calls of a Pro session.");
        Line();
        Line($"| | {string.Join(" | ", result.All.Select(one => one.Peer.Name))} |");
        Line($"| --- |{string.Concat(result.All.Select(_ => " ---: |"))}");
        Row("cold start: processor time of both processes, ms", one => one.Sessions.Count > 0 ? Number(one.ColdCpu, 1) : "");
        Row("… ratio, collector to this program", one => one.Sessions.Count > 0 ? Number(result.Ours.ColdCpu / one.ColdCpu, 2) : "");
        Row("session, elapsed time, p50 / p99, ms", one => Wall(one.Sessions));
        Row("first batch, elapsed time, p50 / p99, ms", one => Wall(one.FirstBatches));
        Row("peak memory, cold, MB", one => one.Sessions.Count > 0 ? Number(one.ColdPeak, 1) : "");
        Row("warm: requests per processor second", one => Number(one.WarmRate, 0));
        Row("… ratio, collector to this program", one => Number(result.Ours.WarmRate / one.WarmRate, 1));
        Row("peak memory, warm, MB", one => Number(one.WarmPeak, 1));
        Line();
        Line("The peer programs are in `tests/Benchmarks/peers`. They read the envelope, check the types and lengths of the allowed fields, read the session status with a consistent `GetItem`, make keyed fingerprints (HMAC-SHA-256), and write one gzip-packed log item, with a receipt made from the request's bytes, by `PutItem` with the same condition. Their SDKs are configured as the SDKs' guides recommend: one client outside the handler, kept connections, short time-outs, standard retries. The Node.js program is bundled and minified, and has the heap options of a function of 1,024 MB. The *remembering* variants keep the session status of a registered session for 45 seconds, as the collector does; the guides do not require this.");
        Line();
        Line("The peers have less work to do. They do not redact messages, traces and user agents, but only check a pattern and a length. They have no catalogs of known names, no policy file, no ledger, and no log line or metrics per invocation, and they do not check the body for damaged text. Their loop around the handler is smaller than that of Lambda's managed runtimes.");
        Line();
    }

    private void Aggregator()
    {
        Line(string.Create(CultureInfo.InvariantCulture, $"The Aggregator counts {result.AggregatorRecords:N0} log items (with 20 calls each) per processor second, in batches of {ComparisonResult.RecordsPerBatch}, with a peak memory of {result.AggregatorPeak:F0} MB."));
        Line();
    }

    private void Memory()
    {
        Line("## Memory of a function");
        Line();
        if (memory.Count == 0)
        {
            Line("Not measured: shares of a processor take a root user and control groups.");
            Line();
            return;
        }

        Line("Lambda gives processor time in proportion to memory, and one whole processor at 1,769 MB. Each process ran with the share for its memory, in periods of 20 ms. AWS does not document the length of the period, nor a larger share during the start of a function. The table shows elapsed milliseconds, p50 / p99; DynamoDB answers immediately.");
        Line();
        Line("| memory, MB | cold: a session | cold: a first batch of 20 | warm: a batch of 20 | Aggregator: 100 log items |");
        Line("| ---: | ---: | ---: | ---: | ---: |");
        foreach (var size in memory)
        {
            Line($"| {Number(size.Megabytes, 0)} | {Spread(size.Session, 0)} | {Spread(size.FirstBatch, 0)} | {Spread(size.Batch, 1)} | {Spread(size.Records, 0)} |");
        }

        Line();
    }

    private void Cleaning()
    {
        Line("## Cleaning one event");
        Line();
        Line("Reading and cleaning one event of a batch of 20, in one process with the just-in-time compiler. The time is the fastest, and the ratio is the median of paired measurements. `tests/Benchmarks/CleaningBenchmarks.cs` defines the batches: in `different`, `traces` and `agents`, each event has a different error message, stack trace or user agent.");
        Line();
        Line("| batch | µs | ratio to parsing it as JSON | bytes allocated |");
        Line("| --- | ---: | ---: | ---: |");
        foreach (var one in cleaning) Line($"| {one.Batch} | {Number(one.Microseconds, 2)} | {Number(one.Ratio, 1)} | {Number(one.Bytes, 0)} |");
        Line();
    }

    private void Growth()
    {
        Line("## Growth");
        Line();
        Line("The processor time of one event while another quantity grows. Each line should be flat or fall, except the line for different operations: each operation is a separate attribute, which the Aggregator names in its update.");
        Line();
        Line("![Processor time of one event while another quantity grows](benchmarks-growth.svg)");
        Line();
        Line("| quantity | sizes | cost | unit |");
        Line("| --- | --- | --- | --- |");
        foreach (var series in growth)
        {
            Line($"| {series.What} | {string.Join(", ", series.Points.Select(p => p.Size.ToString("N0", CultureInfo.InvariantCulture)))} | {string.Join(", ", series.Points.Select(p => Number(p.Cost, 1)))} | {series.Unit} |");
        }

        Line();
    }

    private void Row(string what, Func<Measured, string> value) => Line($"| {what} | {string.Join(" | ", result.All.Select(value))} |");

    private static string Wall(List<Cost> costs) =>
        costs.Count == 0 ? "" : Spread(costs.Select(cost => cost.Wall.TotalMilliseconds), 0);

    private static string Spread(IEnumerable<double> milliseconds, int digits)
    {
        var all = milliseconds.ToList();
        return $"{Number(Measured.Quantile(all, 0.5), digits)} / {Number(Measured.Quantile(all, 0.99), digits)}";
    }

    private static string Number(double value, int digits) => value.ToString("N" + digits, CultureInfo.InvariantCulture);

    private void Line(string text = "") => page.Append(text).Append('\n');
}
