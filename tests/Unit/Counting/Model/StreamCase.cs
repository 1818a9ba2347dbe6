namespace Collector.Tests.Model;

/// <summary>
/// One case: the records of each stream shard, and their deliveries. The records of a shard are delivered in order; the last step of
/// a shard may fail.
/// </summary>
internal sealed record StreamCase(IReadOnlyList<IReadOnlyList<ModelRecord>> Shards, IReadOnlyList<Delivery> Deliveries)
{
    public override string ToString() =>
        string.Join("\n", Shards.Select((shard, s) => $"shard {s}: {string.Join("; ", shard)}")) + "\n" + string.Join("\n", Deliveries);
}

/// <summary>
/// A record, described by its increments: to items 0 to 4, each to a few attributes. A wide record adds 120 attributes to item 0, so that
/// two do not fit into one update.
/// </summary>
internal sealed record ModelRecord(IReadOnlyList<Part> Parts, bool Wide)
{
    public override string ToString() => (Wide ? "wide " : "") + string.Join(",", Parts.Select(p => $"{p.Item}.{p.Attribute}+{p.Amount}"));
}

/// <summary>An amount that a record adds to an attribute of an item.</summary>
internal readonly record struct Part(int Item, int Attribute, int Amount);

/// <summary>
/// One delivery to the design: <paramref name="Size"/> records of a shard, beginning <paramref name="Back"/> records before the current
/// position (these records are delivered again: all, some, or with another boundary). When <paramref name="During"/> is above 0, a second
/// delivery with that many records starts while the first runs. The faults hit the first and second updates of items 0 to 4.
/// </summary>
internal sealed record Delivery(int Shard, int Size, int Back, int During, IReadOnlyList<UpdateFault> Faults)
{
    public override string ToString() => $"deliver {Size} of shard {Shard}, back {Back}, during {During}: {string.Join(",", Faults)}";
}

/// <summary>The possible fates of an update on its way to the table and back.</summary>
internal enum UpdateFault
{
    None,

    /// <summary>Throttled; not applied.</summary>
    Throttled,

    /// <summary>The update never arrives.</summary>
    Lost,

    /// <summary>Applied, but the answer never arrives.</summary>
    AnswerLost,

    /// <summary>Applied; the answer is lost, and the SDK repeats the request.</summary>
    SentAgain,

    /// <summary>The function is killed before it sends the update.</summary>
    KilledBefore,

    /// <summary>The function is killed after the update has been applied.</summary>
    KilledAfter,

    /// <summary>The function times out, and the update is applied after the next deliveries.</summary>
    Late,
}
