namespace Collector.Tests.Fleet.Scale;

/// <summary>The tables of docs/cost.md about growing scale, and about when another design is cheaper.</summary>
internal sealed class ScaleTables(Figures figures)
{
    private const double Million = 1_000_000;
    private static readonly double[] Steps = [1, 10, 100, 1_000, 5_000, 10_000, 50_000];
    private readonly CostModel model = new(figures);
    private readonly Lazy<DayOfFleet> fleet = new(() => DayOfFleet.Simulate(figures));

    private double MonthSeconds => figures.Assumed("hours") * 3600;

    /// <summary>The needs of a steady load of Pro sessions, and the limits that it exceeds.</summary>
    public string StepsOfScale()
    {
        var table = new MarkdownTable(
            1, "requests per second", "write units per second: calls", "counters", "stream shards of the calls", "concurrent ingest functions",
            "concurrent Aggregators", "exceeded limits");
        foreach (var rate in Steps)
        {
            var load = new Load(Tier.Pro, 20, rate);
            var (log, counters) = Units(load);
            table.Row(MarkdownTable.Number(rate), MarkdownTable.Number(rate * log), MarkdownTable.Number(rate * counters),
                MarkdownTable.Number(Shards(rate * log)), MarkdownTable.Number(model.Concurrency(load), 1),
                MarkdownTable.Number(model.AggregatorConcurrency(load), 1),
                Beyond(rate, model.Concurrency(load), model.AggregatorConcurrency(load), rate * log, rate * counters, 0));
        }

        return table.ToString();
    }

    /// <summary>The simulated day.</summary>
    public string FleetDay()
    {
        var table = new MarkdownTable(1, "simulated", "mean of the day", "busiest minute");
        var (mean, peak) = (At(rates => rates.Average()), At(rates => rates.Max()));
        table.Row("requests per second with calls", Whole(mean.Pro.Rate), Whole(peak.Pro.Rate));
        table.Row("requests per second with counts", Whole(mean.Counts.Rate), Whole(peak.Counts.Rate));
        table.Row("session starts per second", Whole(mean.Sessions), Whole(peak.Sessions));
        Both("write units per second: calls", one => one.Pro.Rate * Units(one.Pro).Log);
        Both("write units per second: anonymous log", one => one.Counts.Rate * Units(one.Counts).Log);
        Both("write units per second: busiest key of the anonymous log", one => one.Counts.Rate * Units(one.Counts).Log / figures.Limit("spreadKeys"));
        Both("write units per second: counters", Counters);
        Both("write units per second: sessions", one => one.Sessions * figures.Measured("sessionUnits"));
        Both("stream shards of the calls", one => Shards(one.Pro.Rate * Units(one.Pro).Log));
        Both("concurrent ingest functions", one => model.Concurrency(one.Pro) + model.Concurrency(one.Counts));
        Both("concurrent Aggregators", one => model.AggregatorConcurrency(one.Pro) + model.AggregatorConcurrency(one.Counts));
        table.Row("exceeded limits", Limits(mean), Limits(peak));
        return table.ToString();

        void Both(string what, Func<Moment, double> of) => table.Row(what, Whole(of(mean)), Whole(of(peak)));
    }

    /// <summary>The cost of a month of simulated days.</summary>
    public string FleetCost()
    {
        var mean = At(rates => rates.Average());
        var table = new MarkdownTable(1, "one month of such days", "dollars");
        var (pro, counts) = (model.Month(mean.Pro), model.Month(mean.Counts));
        // A session costs as much as the request of a command, except for its writes.
        var sessions = model.Month(new Load(Tier.Cli, 1, mean.Sessions));
        var starts = mean.Sessions * MonthSeconds * figures.Measured("sessionUnits") * figures.Price("writeUnits") / Million;
        var requests = (mean.Pro.Rate + mean.Counts.Rate + mean.Sessions) * MonthSeconds / Million;
        (string What, double Dollars)[] parts =
        [
            ("API Gateway (REST), all requests", TieredPrice.Rest(figures).Month(requests)),
            ("calls of Pro sessions, without API Gateway", pro.Total - Api(mean.Pro.Rate)),
            ("counts of community sessions, without API Gateway", counts.Total - Api(mean.Counts.Rate)),
            ("sessions, without API Gateway", sessions.Total - sessions.Writes - sessions.Counting + starts - Api(mean.Sessions)),
        ];
        foreach (var (what, dollars) in parts) table.Row(what, Whole(dollars));
        var all = parts.Sum(part => part.Dollars);
        table.Row("total", Whole(all));
        table.Row("total with a function URL instead of the REST API", Whole(all - parts[0].Dollars));
        var events = ((mean.Pro.Rate * 20) + mean.Counts.Rate) * MonthSeconds / Million;
        return table.Row("per million events", MarkdownTable.Dollars(all / events)).ToString();

        double Api(double rate) => TieredPrice.Rest(figures).Month(rate * MonthSeconds / Million);
    }

    /// <summary>The monthly saving without the REST API.</summary>
    public string Gateways()
    {
        var table = new MarkdownTable(1, "requests per second", "REST API, dollars per month", "saved with an HTTP API", "saved with a function URL");
        foreach (var rate in Steps) table.Row(
            MarkdownTable.Number(rate), Whole(Gateway(TieredPrice.Rest(figures), rate)),
            Whole(Saved(TieredPrice.Http(figures), rate)), Whole(Saved(TieredPrice.FunctionUrl, rate)));
        return table
            .Row("rate that saves 100 dollars per month", "", Crossing(TieredPrice.Http(figures), 100), Crossing(TieredPrice.FunctionUrl, 100))
            .Row("rate that saves 1,000 dollars per month", "", Crossing(TieredPrice.Http(figures), 1000), Crossing(TieredPrice.FunctionUrl, 1000))
            .ToString();
    }

    public string Windows()
    {
        var table = new MarkdownTable(
            1, "`AggregationWindowSeconds`", "write units for 1,000 events", "dollars for write units per million events", "saved",
            "`BatchSize` for 1,000 requests per second");
        var load = new Load(Tier.Pro, 20, 20);
        var (log, counters) = Units(load);
        var full = model.WriteUnits(new Load(Tier.Pro, 20, Tier.OneByOne)) / load.Batch;
        table.Row("batches fill before the window ends", MarkdownTable.Number(full * 1000),
            MarkdownTable.Number(full * figures.Price("writeUnits"), 3), "", MarkdownTable.Number(figures.Limit("batchRecords")));
        foreach (var window in new[] { 20, 40, 60, 120, 300 })
        {
            var units = (log + (counters * load.Tier.WindowSeconds / window)) / load.Batch;
            var dollars = units * figures.Price("writeUnits");
            table.Row(MarkdownTable.Number(window), MarkdownTable.Number(units * 1000), MarkdownTable.Number(dollars, 3),
                MarkdownTable.Number((full * figures.Price("writeUnits")) - dollars, 3),
                MarkdownTable.Number(window * 1000 / figures.Assumed("streamShards")));
        }

        return table.ToString();
    }

    public string Capacity()
    {
        var full = figures.Price("writeUnits") / Million * 3600;
        var table = new MarkdownTable(1, "write units", "dollars");
        table.Row("one unit per second on demand, for an hour", MarkdownTable.Text(full));
        table.Row("one provisioned unit, for an hour", MarkdownTable.Text(figures.Price("writeCapacity")));
        var crossing = figures.Price("writeCapacity") / full;
        var use = fleet.Value.ProRates.Average() / fleet.Value.ProRates.Max();
        table.Row("mean use of provisioned units above which they are cheaper", Percent(crossing));
        table.Row("mean use if enough units for the busiest minute of the simulated day are provisioned", Percent(use));
        table.Row("saved with this number of units all day", Percent(1 - (crossing / use)));
        return table.Row("saved with auto scaling at its target", Percent(1 - (crossing / figures.Assumed("scalingTarget"))))
            .ToString();

        static string Percent(double share) => MarkdownTable.Number(100 * share) + " %";
    }

    private static string Whole(double number) => MarkdownTable.Number(number);

    private Moment At(Func<IEnumerable<double>, double> of) => new(
        new Load(Tier.Pro, 20, of(fleet.Value.ProRates)), new Load(Tier.Counts, 1, of(fleet.Value.CountRates)),
        of(fleet.Value.SessionRates));

    // A request's log item, and its counters.
    private (double Log, double Counters) Units(Load load)
    {
        var log = Math.Ceiling(figures.At("storedBytes", load.Tier, load.Batch, load.Rate) / 1024);
        return (log, model.WriteUnits(load) - log);
    }

    private double Counters(Moment one) => (one.Pro.Rate * Units(one.Pro).Counters) + (one.Counts.Rate * Units(one.Counts).Counters);

    private double Shards(double units) => Math.Max(figures.Assumed("streamShards"), Math.Ceiling(units / figures.Limit("partition")));

    private string Limits(Moment one) => Beyond(
        one.Pro.Rate + one.Counts.Rate + one.Sessions, model.Concurrency(one.Pro) + model.Concurrency(one.Counts),
        model.AggregatorConcurrency(one.Pro) + model.AggregatorConcurrency(one.Counts), one.Pro.Rate * Units(one.Pro).Log, Counters(one),
        one.Counts.Rate * Units(one.Counts).Log / figures.Limit("spreadKeys"));

    private string Beyond(double rate, double concurrency, double aggregators, double calls, double counters, double key)
    {
        var passed = new List<string>();
        if (rate > figures.Limit("apiRate")) passed.Add("API Gateway's quota");
        else if (rate > figures.Limit("throttlingRate")) passed.Add("`ThrottlingRate`");
        if (concurrency > figures.Limit("concurrency")) passed.Add("Lambda's quota");
        if (aggregators > figures.Limit("aggregators")) passed.Add("`AggregatorConcurrency`");
        if (Math.Max(calls, counters) > figures.Limit("table")) passed.Add("a table's quota");
        else if (Math.Max(calls, counters) > figures.Limit("newTable")) passed.Add("initial limit of a new table");
        if (key > figures.Limit("partition")) passed.Add("a partition");
        return passed.Count == 0 ? "none" : string.Join(", ", passed);
    }

    private double Gateway(TieredPrice price, double rate) => price.Month(rate * MonthSeconds / Million);

    private double Saved(TieredPrice price, double rate) => Gateway(TieredPrice.Rest(figures), rate) - Gateway(price, rate);

    // The rate from which this much is saved, found by bisection.
    private string Crossing(TieredPrice price, double dollars)
    {
        var (low, high) = (0.0, 100_000.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (Saved(price, middle) < dollars) low = middle;
            else high = middle;
        }

        return MarkdownTable.Number(high, 1) + " per second";
    }
}
