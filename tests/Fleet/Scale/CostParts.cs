namespace Collector.Tests.Fleet.Scale;

/// <summary>Dollars by purpose, per month or per million events, depending on the method that returns them.</summary>
internal sealed record CostParts
{
    /// <summary>API Gateway, including the data of the answers.</summary>
    public required double Api { get; init; }

    /// <summary>Lambda, for requests.</summary>
    public required double Ingest { get; init; }

    /// <summary>DynamoDB's write units, log and counters.</summary>
    public required double Writes { get; init; }

    public required double Reads { get; init; }

    /// <summary>Lambda, for the Aggregator.</summary>
    public required double Counting { get; init; }

    /// <summary>Log items for the time that they are kept, with point-in-time recovery.</summary>
    public required double Storage { get; init; }

    /// <summary>CloudWatch Logs.</summary>
    public required double Logs { get; init; }

    /// <summary>CloudWatch's metrics, whose cost does not depend on the traffic.</summary>
    public required double Metrics { get; init; }

    /// <summary>X-Ray.</summary>
    public required double Traces { get; init; }

    public double Total => Api + Ingest + Writes + Reads + Counting + Storage + Logs + Metrics + Traces;

    public CostParts Times(double factor) => new()
    {
        Api = Api * factor,
        Ingest = Ingest * factor,
        Writes = Writes * factor,
        Reads = Reads * factor,
        Counting = Counting * factor,
        Storage = Storage * factor,
        Logs = Logs * factor,
        Metrics = Metrics * factor,
        Traces = Traces * factor,
    };
}
