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
    private const string Mark = "<!-- From here on the page is written by hand; infra/bench.sh keeps it. -->";

    private readonly StringBuilder page = new();

    /// <summary>The page's text. <paramref name="before"/> is the page as it stands; null when there is none.</summary>
    public string Write(string? before)
    {
        Line("# Benchmarks");
        Line();
        Line("`infra/bench.sh` measures the published executable beside the same job in Node.js and in Python, and writes this page.");
        Line();
        Line($"Measured on {time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} with {MachineFacts.Versions(options)}, on {MachineFacts.Machine()}. Ratios say more than figures: everything is measured in turn, so that a slow minute of the machine hits all of it.");
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
        Line("Write units for 1,000 events do not depend on the machine: `CostTests` computes them.");
        Line();
    }

    private void Compared()
    {
        Line("## Against the same job in Node.js and Python");
        Line();
        Line("Each is a process of its own with Lambda's environment. A Runtime API and a DynamoDB on the same machine answer at once, over HTTP without TLS. Processor time is the process's own, user and system. A cold start is a new process that answers `POST /session`, and another one that answers a first batch; *warm* are batches of 20 calls of a Pro session.");
        Line();
        Line($"| | {string.Join(" | ", result.All.Select(one => one.Peer.Name))} |");
        Line($"| --- |{string.Concat(result.All.Select(_ => " ---: |"))}");
        Row("cold start: processor time of both, ms", one => one.Sessions.Count > 0 ? Number(one.ColdCpu, 1) : "");
        Row("… the collector's against it", one => one.Sessions.Count > 0 ? Number(result.Ours.ColdCpu / one.ColdCpu, 2) : "");
        Row("session on the clock, p50 / p99, ms", one => Wall(one.Sessions));
        Row("first batch on the clock, p50 / p99, ms", one => Wall(one.FirstBatches));
        Row("peak memory, cold, MB", one => one.Sessions.Count > 0 ? Number(one.ColdPeak, 1) : "");
        Row("warm: requests for a processor second", one => Number(one.WarmRate, 0));
        Row("… the collector's against it", one => Number(result.Ours.WarmRate / one.WarmRate, 1));
        Row("peak memory, warm, MB", one => Number(one.WarmPeak, 1));
        Line();
        Line("The peers are in `tests/Benchmarks/peers`: the envelope, the allowed fields with their types and lengths, the session's status from a consistent `GetItem`, keyed fingerprints (HMAC-SHA-256), one gzip-packed log item under a receipt made of the request's bytes, and `PutItem` with the same condition. Their SDKs are set up as their guides say: one client outside of the handler, connections kept, short time-outs, standard retries; Node.js is bundled and minified, and its heap options are those of a function of 1,024 MB. *Remembering* ones keep a registered session's status for 45 seconds, as the collector does, which the guides do not ask for.");
        Line();
        Line("In the peers' favour: they have no redaction of messages, traces and user agents (a pattern and a length stand in its place), no catalogs of known names, no policy as data, no ledger, no log line and metrics for an invocation, no tests for damaged text in a body, and a loop around the handler that is smaller than that of Lambda's managed runtimes.");
        Line();
    }

    private void Aggregator()
    {
        Line(string.Create(CultureInfo.InvariantCulture, $"The Aggregator counts {result.AggregatorRecords:N0} log items (with 20 calls each) for a processor second, in batches of {ComparisonResult.RecordsPerBatch}, with a peak of {result.AggregatorPeak:F0} MB."));
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

        Line("Lambda gives processor time in proportion to memory, and one whole processor at 1,769 MB. Each process ran with that share, in periods of 20 ms. AWS documents neither the period nor more than this share while a function starts. Milliseconds on the clock, p50 / p99; DynamoDB answers at once.");
        Line();
        Line("| memory, MB | cold, a session | cold, a first batch of 20 | warm, a batch of 20 | the Aggregator, 100 log items |");
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
        Line("Reading and cleaning in a batch of 20, in one process with the just-in-time compiler: the fastest time, and the median of the ratios of pairs. The batches are those of `tests/Benchmarks/CleaningBenchmarks.cs`.");
        Line();
        Line("| batch | µs | against parsing it as JSON | bytes allocated |");
        Line("| --- | ---: | ---: | ---: |");
        foreach (var one in cleaning) Line($"| {one.Batch} | {Number(one.Microseconds, 2)} | {Number(one.Ratio, 1)} | {Number(one.Bytes, 0)} |");
        Line();
    }

    private void Growth()
    {
        Line("## Growth");
        Line();
        Line("What one event costs while something else grows. Each line is to be flat or to fall, except for different operations: each is an attribute of its own, which the Aggregator names in its update.");
        Line();
        Line("![Processor time for one event while something grows](benchmarks-growth.svg)");
        Line();
        Line("| what grows | sizes | cost | unit |");
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
