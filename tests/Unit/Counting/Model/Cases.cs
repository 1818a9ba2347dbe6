using FsCheck;
using FsCheck.Fluent;

namespace Collector.Tests.Model;

/// <summary>Generates cases, and shrinks failing ones.</summary>
internal static class Cases
{
    private static readonly Gen<Part> Parts =
        from item in Gen.Choose(0, CaseRunner.Items - 1)
        from attribute in Gen.Choose(0, 2)
        from amount in Gen.Choose(1, 9)
        select new Part(item, attribute, amount);

    private static readonly Gen<ModelRecord> Records =
        from wide in Gen.Frequency((8, Gen.Constant(false)), (1, Gen.Constant(true)))
        from parts in Parts.ListOf()
        select new ModelRecord([.. parts.Take(8)], wide);

    /// <summary>
    /// A parent shard and its children, or parallel shards: counters treat them alike, each with its own positions.
    /// </summary>
    private static readonly Gen<IReadOnlyList<IReadOnlyList<ModelRecord>>> Shards =
        from count in Gen.Choose(1, 3)
        from shards in Records.ListOf().Select(records => (IReadOnlyList<ModelRecord>)[.. records]).ListOf(count)
        select (IReadOnlyList<IReadOnlyList<ModelRecord>>)[.. shards];

    private static readonly Gen<UpdateFault> Faults = Gen.Frequency(
        (6, Gen.Constant(UpdateFault.None)), (7, Gen.Elements(Enum.GetValues<UpdateFault>())));

    private static readonly Gen<Delivery> Deliveries =
        from shard in Gen.Choose(0, 2)
        from size in Gen.Choose(1, 12)
        from back in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 20)))
        from during in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(1, 12)))
        from faults in Faults.ListOf(2 * CaseRunner.Items)
        select new Delivery(shard, size, back, during, [.. faults]);

    public static Arbitrary<StreamCase> All { get; } = Arb.From(
        from shards in Shards
        from deliveries in Deliveries.ListOf()
        select new StreamCase(shards, [.. deliveries]),
        Smaller);

    private static IEnumerable<StreamCase> Smaller(StreamCase example)
    {
        foreach (var deliveries in Without(example.Deliveries)) yield return example with { Deliveries = deliveries };
        foreach (var shards in Without(example.Shards).Where(shards => shards.Count > 0)) yield return example with { Shards = shards };
        foreach (var shards in Each(example.Shards, Without)) yield return example with { Shards = shards };
        foreach (var shards in Each(example.Shards, records => Each(records, Smaller))) yield return example with { Shards = shards };
        foreach (var deliveries in Each(example.Deliveries, Smaller)) yield return example with { Deliveries = deliveries };
    }

    private static IEnumerable<ModelRecord> Smaller(ModelRecord record)
    {
        if (record.Wide) yield return record with { Wide = false };
        foreach (var parts in Without(record.Parts)) yield return record with { Parts = parts };
    }

    private static IEnumerable<Delivery> Smaller(Delivery delivery)
    {
        if (delivery.During > 0) yield return delivery with { During = 0 };
        if (delivery.Back > 0) yield return delivery with { Back = 0 };
        foreach (var faults in Each(delivery.Faults, fault => fault == UpdateFault.None ? Array.Empty<UpdateFault>() : [UpdateFault.None]))
            yield return delivery with { Faults = faults };
    }

    private static IEnumerable<IReadOnlyList<T>> Without<T>(IReadOnlyList<T> list)
    {
        if (list.Count > 3)
        {
            yield return [.. list.Take(list.Count / 2)];
            yield return [.. list.Skip(list.Count / 2)];
        }

        for (var i = 0; i < list.Count; i++) yield return [.. list.Where((_, at) => at != i)];
    }

    private static IEnumerable<IReadOnlyList<T>> Each<T>(IReadOnlyList<T> list, Func<T, IEnumerable<T>> smaller)
    {
        for (var i = 0; i < list.Count; i++)
        {
            foreach (var one in smaller(list[i])) yield return [.. list.Take(i), one, .. list.Skip(i + 1)];
        }
    }
}
