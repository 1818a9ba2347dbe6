using Amazon.DynamoDBv2;
using Collector.Tests.Model;
using FsCheck;
using FsCheck.Fluent;

namespace Collector.Tests.Unit.Counting;

/// <summary>
/// Compares counting with a simple oracle: streams, batch boundaries, redeliveries, kills, lost answers and late updates are generated, and
/// each record must be counted once. A failing case is shrunk before it is reported.
/// </summary>
[Trait("Speed", "Seconds")]
public sealed class ModelTests
{
    private const int ManyCases = 2_000;

    // One wide record fits into this many bytes; two different ones do not.
    private const int LargestRecord = 1_500;

    private static readonly StreamCase TwoCountersOneFault = new(
        [[new ModelRecord([new Part(0, 0, 1), new Part(1, 0, 1)], false)]],
        [new Delivery(0, 1, 0, 0, [UpdateFault.None, UpdateFault.AnswerLost])]);

    [Fact]
    public void Each_record_is_counted_once_despite_all_delivery_faults() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(ManyCases).WithEndSize(40), Property(Designs.Checkpoints));

    [Theory]
    [InlineData("requests#model")]
    [InlineData("stack#model")]
    public void Each_record_is_counted_once_when_the_Aggregator_remembers_items(string metric) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(ManyCases).WithEndSize(40), Property(Designs.Remembering, metric));

    [Theory]
    [InlineData("requests#model")]
    [InlineData("stack#model")]
    public void Each_record_is_counted_once_when_items_become_full(string metric)
    {
        var overflows = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(ManyCases).WithEndSize(40), Prop.ForAll(Cases.All, example =>
        {
            using var counters = new MemoryCounters(LargestRecord);
            var differences = new CaseRunner(counters, Designs.Remembering(), metric).Differences(example).GetAwaiter().GetResult();
            if (counters.Overflowed) overflows++;
            return (differences.Count == 0).Label(string.Join("\n", differences));
        }));
        Assert.True(overflows > ManyCases / 20, $"only {overflows} cases had a full item");
    }

    [Fact]
    public void One_ADD_per_event_miscounts_under_the_same_faults() => Assert.NotEmpty(SmallestMiscount(Designs.AddPerEvent));

    [Fact]
    public void Summing_without_checkpoints_miscounts_under_the_same_faults() =>
        Assert.NotEmpty(SmallestMiscount(Designs.FoldWithoutCheckpoints));

    [Fact]
    public async Task One_lost_answer_makes_the_designs_without_checkpoints_miscount()
    {
        Assert.Equal(["item0.a0: counted 2, is 1", "item1.a0: counted 2, is 1"],
            await Differences(TwoCountersOneFault, Designs.AddPerEvent));
        Assert.Equal(["item0.a0: counted 2, is 1", "item1.a0: counted 2, is 1"],
            await Differences(TwoCountersOneFault, Designs.FoldWithoutCheckpoints));
        Assert.Empty(await Differences(TwoCountersOneFault, Designs.Checkpoints));
    }

    [Theory]
    [InlineData("AddPerEvent")]
    [InlineData("FoldWithoutCheckpoints")]
    public async Task Without_faults_every_design_counts_correctly(string design)
    {
        var calm = new StreamCase(TwoCountersOneFault.Shards, []);
        Assert.Empty(await Differences(calm, design == "AddPerEvent" ? Designs.AddPerEvent : Designs.FoldWithoutCheckpoints));
    }

    // FsCheck's report about the smallest case that it found.
    private static string SmallestMiscount(Func<IAmazonDynamoDB, Count> design)
    {
        var failure = Assert.ThrowsAny<Exception>(
            () => Check.One(Config.QuickThrowOnFailure.WithMaxTest(ManyCases).WithEndSize(40), Property(design)));
        Assert.Contains("Falsifiable", failure.Message, StringComparison.Ordinal);
        return failure.Message;
    }

    private static Property Property(Func<IAmazonDynamoDB, Count> design) => Property(() => design, "requests#model");

    // Each case gets its own design.
    private static Property Property(Func<Func<IAmazonDynamoDB, Count>> design, string metric) => Prop.ForAll(Cases.All, example =>
    {
        var differences = Differences(example, design(), metric).GetAwaiter().GetResult();
        return (differences.Count == 0).Label(string.Join("\n", differences));
    });

    private static async Task<IReadOnlyList<string>> Differences(
        StreamCase example, Func<IAmazonDynamoDB, Count> design, string metric = "requests#model")
    {
        using var counters = new MemoryCounters();
        return await new CaseRunner(counters, design, metric).Differences(example);
    }
}
