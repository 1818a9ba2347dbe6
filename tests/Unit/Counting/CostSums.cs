using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Unit.Counting;

/// <summary>The cost of requests in write units, by purpose, and the bytes that stay in the log.</summary>
internal sealed class CostSums
{
    /// <summary>For log items.</summary>
    public long Log { get; private set; }

    /// <summary>For counter items.</summary>
    public long Counters { get; set; }

    /// <summary>For refused writes of counters.</summary>
    public long Refused { get; set; }

    public long LogItems { get; private set; }

    public long LogBytes { get; private set; }

    public long Units => Log + Counters + Refused;

    public void AddLog(InMemoryDynamoDb.Change change)
    {
        Log += ItemSize.WriteUnits(change);
        LogItems++;
        LogBytes += ItemSize.Bytes(change.New);
    }
}
