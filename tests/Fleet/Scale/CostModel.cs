namespace Collector.Tests.Fleet.Scale;

/// <summary>The cost of a load, from the figures. No free tier is deducted.</summary>
/// <param name="memory">A function's memory in MB; null uses the template's.</param>
internal sealed class CostModel(Figures figures, bool isArm = false, TieredPrice? api = null, double? memory = null)
{
    private const double Million = 1_000_000;
    private const double Gigabyte = 1024.0 * 1024 * 1024;

    // The bytes that CloudWatch adds to each line.
    private const double LineOverhead = 26;

    private readonly TieredPrice gateway = api ?? TieredPrice.Rest(figures);
    private readonly double gigabyteSecond = figures.Price(isArm ? "lambdaArm" : "lambdaX86");

    private readonly double megabytes = memory ?? figures.Assumed("memory");

    private double SecondsOfMonth => figures.Assumed("hours") * 3600;

    /// <summary>Dollars per month.</summary>
    public CostParts Month(Load load)
    {
        var requests = load.Rate * SecondsOfMonth;
        var invocations = AggregatorInvocations(load) * SecondsOfMonth;
        return new CostParts
        {
            Api = gateway.Month(requests / Million)
                + (requests * figures.Assumed("responseBytes") / Gigabyte * figures.Price("transferOut")),
            Ingest = requests * Invocation(IngestMilliseconds(load)),
            Writes = requests * WriteUnits(load) * figures.Price("writeUnits") / Million,
            Reads = requests * ReadShare(load) * figures.Assumed("statusReadUnits") * figures.Price("readUnits") / Million,
            Counting = invocations * Invocation(AggregatorMilliseconds(load)),
            Storage = requests * Stored(load),
            Logs = (requests * LogBytes(load, isRequest: true) + (invocations * LogBytes(load, isRequest: false))) / Gigabyte
                * (figures.Price("logs") + (figures.Price("logStorage") * figures.Assumed("logMonths"))),
            Metrics = figures.Assumed("activeMetrics") * figures.Price("customMetric"),
            Traces = (Traced(load.Rate) + Traced(AggregatorInvocations(load))) * SecondsOfMonth * figures.Price("traces") / Million,
        };
    }

    /// <summary>Dollars per million events.</summary>
    public CostParts MillionEvents(Load load) => Month(load).Times(Million / (load.Rate * load.Batch * SecondsOfMonth));

    public double WriteUnits(Load load) => figures.At("writeUnits", load.Tier, load.Batch, load.Rate);

    /// <summary>The billed time, in whole milliseconds.</summary>
    public double IngestMilliseconds(Load load) =>
        Math.Ceiling(Stretched(figures.Measured($"cpu{load.Batch}")) + ((1 + ReadShare(load)) * figures.Assumed("storeMilliseconds")));

    public double AggregatorMilliseconds(Load load) => Math.Ceiling(
        Stretched(figures.Measured("aggregatorCpu") * load.Rate / AggregatorInvocations(load))
        + figures.Assumed("aggregatorStoreMilliseconds"));

    /// <summary>Concurrently busy ingest processes.</summary>
    public double Concurrency(Load load) => load.Rate * IngestMilliseconds(load) / 1000;

    public double AggregatorConcurrency(Load load) => AggregatorInvocations(load) * AggregatorMilliseconds(load) / 1000;

    /// <summary>
    /// Invocations per second: one per shard and window, more when batches become full earlier, and never more than records.
    /// </summary>
    public double AggregatorInvocations(Load load) => Math.Min(
        load.Rate, Math.Max(Shards(load) / load.Tier.WindowSeconds, load.Rate / figures.Limit("batchRecords")));

    /// <summary>One shard per partition of the table.</summary>
    public double Shards(Load load) =>
        Math.Max(figures.Assumed("streamShards"), Math.Ceiling(load.Rate * WriteUnits(load) / figures.Limit("partition")));

    /// <summary>
    /// The share of requests that must read their session. A process remembers a session for a while; with many processes, a session's next
    /// batch rarely reaches one that has seen it.
    /// </summary>
    public double ReadShare(Load load)
    {
        if (!load.HasSession) return 0;
        var sent = figures.Assumed("statusSeconds") / figures.Assumed("sessionSeconds");
        var processes = Math.Max(1, Math.Ceiling(load.Rate * figures.Assumed("storeMilliseconds") / 1000));
        return Math.Min(1, processes / sent);
    }

    private double Stretched(double milliseconds) =>
        milliseconds * Math.Max(1, figures.Assumed("fullProcessor") / megabytes);

    private double Invocation(double milliseconds) => (figures.Price("lambdaRequests") / Million)
        + (milliseconds / 1000 * megabytes / 1024 * gigabyteSecond);

    private double Stored(Load load) => figures.At("storedBytes", load.Tier, load.Batch, load.Rate) / Gigabyte
        * load.Tier.RetentionDays * 24 / figures.Assumed("hours") * (figures.Price("storage") + figures.Price("recovery"));

    private double LogBytes(Load load, bool isRequest) =>
        figures.At("lineBytes", load.Tier, load.Batch, load.Rate) + LineOverhead + figures.Assumed("platformBytes")
        + (isRequest ? figures.Assumed("accessLogBytes") : 0);

    // The first request of each second (with random arrivals), and a share of the others.
    private double Traced(double rate)
    {
        var first = 1 - Math.Exp(-rate);
        return first + (figures.Assumed("tracedShare") * (rate - first));
    }
}
