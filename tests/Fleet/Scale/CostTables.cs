namespace Collector.Tests.Fleet.Scale;

/// <summary>The tables of docs/cost.md about the cost of traffic.</summary>
internal sealed class CostTables(Figures figures, string template)
{
    private static readonly double[] Rates = [1, 100, 10_000];
    private readonly CostModel model = new(figures);

    public string MillionEvents()
    {
        var table = new MarkdownTable(2, ["events", "requests per second", .. Tier.Batches.Select(batch => $"{batch} per request")]);
        foreach (var tier in Tier.All)
        {
            foreach (var rate in Rates)
            {
                table.Row([tier.Title, MarkdownTable.Number(rate), .. Tier.Batches.Select(batch =>
                    MarkdownTable.Dollars(model.MillionEvents(new Load(tier, batch, rate)).Total))]);
            }
        }

        return table.ToString();
    }

    /// <summary>The cost per million calls; an aggregated event reports many calls.</summary>
    public string MillionCalls()
    {
        var table = new MarkdownTable(1, "requests per second", "calls per event", "dollars per million calls");
        foreach (var rate in Rates)
        {
            var calls = figures.At("counted", Tier.Counts, 1, rate);
            var dollars = model.MillionEvents(new Load(Tier.Counts, 1, rate)).Total / calls;
            table.Row(MarkdownTable.Number(rate), MarkdownTable.Number(calls), MarkdownTable.Number(dollars, 4));
        }

        return table.ToString();
    }

    public string Parts()
    {
        var table = new MarkdownTable(
            1, "20 events per request", "API Gateway", "Lambda, requests", "write units", "read units", "Lambda, counting", "storage",
            "logs", "metrics", "traces", "total");
        foreach (var tier in Tier.All)
        {
            foreach (var rate in Rates)
            {
                var parts = model.MillionEvents(new Load(tier, 20, rate));
                table.Row($"{tier.Title}, {MarkdownTable.Number(rate)} per second", Three(parts.Api), Three(parts.Ingest),
                    Three(parts.Writes), Three(parts.Reads), Three(parts.Counting), Three(parts.Storage), Three(parts.Logs),
                    Three(parts.Metrics), Three(parts.Traces), Three(parts.Total));
            }
        }

        return table.ToString();
    }

    /// <summary>The goal and the computed cost.</summary>
    public string Goal()
    {
        var goal = figures.Part("goals").First(entry => entry.Name == "millionEvents").Entry["value"]!.GetValue<double>();
        var table = new MarkdownTable(1, [
            "20 events per request", .. Rates.Select(rate => $"{MarkdownTable.Number(rate)} per second"),
            "1 per second, without traces and the API's metrics",
        ]);
        foreach (var tier in Tier.All)
        {
            var without = model.MillionEvents(new Load(tier, 20, 1));
            var metrics = without.Metrics * (1 - (figures.Assumed("apiMetrics") / figures.Assumed("activeMetrics")));
            table.Row([
                tier.Title, .. Rates.Select(rate => Verdict(model.MillionEvents(new Load(tier, 20, rate)).Total)),
                Verdict(without.Total - without.Traces - without.Metrics + metrics),
            ]);
        }

        return table.ToString();

        string Verdict(double dollars) => $"{Three(dollars)}, {(dollars <= goal ? "met" : "missed")}";
    }

    public string Idle()
    {
        var table = new MarkdownTable(1, "cost without traffic", "dollars per month");
        var floor = new IdleFloor(figures).Month(template);
        foreach (var (what, dollars) in floor) table.Row(what, MarkdownTable.Number(dollars, 2));
        return table.Row("total", MarkdownTable.Number(floor.Sum(part => part.Dollars), 2)).ToString();
    }

    public string Processors()
    {
        var arm = new CostModel(figures, isArm: true);
        var table = new MarkdownTable(
            1, "Pro, 20 events per request, requests per second", "Lambda on x86_64", "Lambda on arm64", "total on x86_64", "total on arm64");
        foreach (var rate in Rates)
        {
            var load = new Load(Tier.Pro, 20, rate);
            var (x, a) = (model.MillionEvents(load), arm.MillionEvents(load));
            table.Row(
                MarkdownTable.Number(rate), Three(x.Ingest + x.Counting), Three(a.Ingest + a.Counting), Three(x.Total), Three(a.Total));
        }

        return table.ToString();
    }

    /// <summary>The price of a function's memory, which also determines its share of a processor.</summary>
    public string Memory()
    {
        var table = new MarkdownTable(
            0, "memory, MB", "a warm batch of 20, billed ms", "Pro, 20 events per request: Lambda", "total", "CLI, 1 event per request: Lambda",
            "total");
        foreach (var size in new[] { 256.0, 512, 1024, 1769 })
        {
            var sized = new CostModel(figures, memory: size);
            var (batch, one) = (new Load(Tier.Pro, 20, 100), new Load(Tier.Cli, 1, 100));
            var (batches, ones) = (sized.MillionEvents(batch), sized.MillionEvents(one));
            table.Row(MarkdownTable.Number(size), MarkdownTable.Number(sized.IngestMilliseconds(batch)),
                Three(batches.Ingest + batches.Counting), Three(batches.Total), Three(ones.Ingest + ones.Counting), Three(ones.Total));
        }

        return table.ToString();
    }

    /// <summary>AWS's own pipeline compared with this one, in dollars per million requests.</summary>
    public string Anchor()
    {
        var table = new MarkdownTable(
            1, "requests per second", "AWS: ingestion, without a buffer", "AWS: ingestion, with Kinesis",
            "AWS: Kinesis, hourly processing, reporting and monitoring", "this collector, including its cost without traffic",
            "this collector without API Gateway", "AWS: total per million events", "this collector: total per million events");
        foreach (var (_, entry) in figures.Part("anchor"))
        {
            var rate = entry["rate"]!.GetValue<double>();
            var millions = rate * figures.Assumed("hours") * 3600 / 1_000_000;
            var month = model.Month(new Load(Tier.Pro, 20, rate));
            var idle = new IdleFloor(figures).Month(template).Sum(part => part.Dollars);
            var ours = (month.Total + idle) / millions;
            table.Row(MarkdownTable.Number(rate), Two(Of("direct")), Two(Of("kinesis")),
                Two(Of("kinesis") + Of("processing") + Of("other")), Two(ours), Two(ours - (month.Api / millions)),
                MarkdownTable.Number((Of("kinesis") + Of("processing") + Of("other")) / figures.Assumed("theirEvents"), 2), Two(ours / 20));

            double Of(string what) => entry[what]!.GetValue<double>() / millions;
        }

        return table.ToString();
    }

    private static string Three(double dollars) => MarkdownTable.Number(dollars, 3);

    private static string Two(double dollars) => MarkdownTable.Number(dollars, 2);
}
