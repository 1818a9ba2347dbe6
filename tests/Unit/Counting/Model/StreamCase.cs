namespace Collector.Tests.Model;

/// <summary>
/// One case: what stands in each stream shard, and how it is delivered. A shard's records are delivered in order; the last step of a shard
/// may fail.
/// </summary>
internal sealed record StreamCase(IReadOnlyList<IReadOnlyList<ModelRecord>> Shards, IReadOnlyList<Delivery> Deliveries)
{
    public override string ToString() =>
        string.Join("\n", Shards.Select((shard, s) => $"shard {s}: {string.Join("; ", shard)}")) + "\n" + string.Join("\n", Deliveries);
}

/// <summary>
/// A record by what it adds: to items 0 to 4, each of a few attributes. A wide one adds 120 attributes to item 0, so that two do not fit
/// into one update.
/// </summary>
internal sealed record ModelRecord(IReadOnlyList<Part> Parts, bool Wide)
{
    public override string ToString() => (Wide ? "wide " : "") + string.Join(",", Parts.Select(p => $"{p.Item}.{p.Attribute}+{p.Amount}"));
}

/// <summary>An amount that a record adds to an attribute of an item.</summary>
internal readonly record struct Part(int Item, int Attribute, int Amount);

/// <summary>
/// A batch is handed to the design: <paramref name="Size"/> records of a shard, beginning <paramref name="Back"/> records before the place
/// that is reached (what lies there is delivered again: whole, in part or with another boundary). With <paramref name="During"/> above 0 a
/// second delivery of that many records starts while the first runs. The faults hit the first updates of items 0 to 4, and the second ones
/// of the same items.
/// </summary>
internal sealed record Delivery(int Shard, int Size, int Back, int During, IReadOnlyList<UpdateFault> Faults)
{
    public override string ToString() => $"deliver {Size} of shard {Shard}, back {Back}, during {During}: {string.Join(",", Faults)}";
}

/// <summary>What may become of an update on its way to the table and back.</summary>
internal enum UpdateFault
{
    None,

    /// <summary>Refused for now; nothing is applied.</summary>
    Throttled,

    /// <summary>It never arrives.</summary>
    Lost,

    /// <summary>Applied, but the answer never arrives.</summary>
    AnswerLost,

    /// <summary>Applied, the answer is lost, and the SDK sends it again by itself.</summary>
    SentAgain,

    /// <summary>The function is killed before the update leaves it.</summary>
    KilledBefore,

    /// <summary>The function is killed when the update has been applied.</summary>
    KilledAfter,

    /// <summary>The function times out, and the update is applied after the next deliveries: an old one that comes late.</summary>
    Late,
}
