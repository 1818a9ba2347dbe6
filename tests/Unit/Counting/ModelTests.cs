using Amazon.DynamoDBv2;
using Collector.Tests.Model;
using FsCheck;
using FsCheck.Fluent;

namespace Collector.Tests.Unit.Counting;

/// <summary>
/// Counting against a simple oracle: streams, boundaries, redeliveries, kills, lost answers and late updates are generated, and each record must be
/// counted once. A case that fails is made smaller before it is shown.
/// </summary>
public sealed class ModelTests
{
    private const int ManyCases = 2_000;

    private static readonly StreamCase TwoCountersOneFault = new(
        [[new ModelRecord([new Part(0, 0, 1), new Part(1, 0, 1)], false)]],
        [new Delivery(0, 1, 0, 0, [UpdateFault.None, UpdateFault.AnswerLost])]);

    [Fact]
    public void Each_record_is_counted_once_whatever_happens_to_its_delivery() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(ManyCases).WithEndSize(40), Property(Designs.Positions));

    [Fact]
    public void An_add_for_each_event_miscounts_under_the_same_faults() => Assert.NotEmpty(SmallestMiscount(Designs.AddPerEvent));

    [Fact]
    public void A_fold_without_positions_miscounts_under_the_same_faults() => Assert.NotEmpty(SmallestMiscount(Designs.FoldWithoutPositions));

    [Fact]
    public async Task One_lost_answer_is_enough_for_the_designs_without_positions()
    {
        Assert.Equal(["item0.a0: counted 2, is 1", "item1.a0: counted 2, is 1"], await Differences(TwoCountersOneFault, Designs.AddPerEvent));
        Assert.Equal(["item0.a0: counted 2, is 1", "item1.a0: counted 2, is 1"], await Differences(TwoCountersOneFault, Designs.FoldWithoutPositions));
        Assert.Empty(await Differences(TwoCountersOneFault, Designs.Positions));
    }

    [Theory]
    [InlineData("AddPerEvent")]
    [InlineData("FoldWithoutPositions")]
    public async Task Without_faults_every_design_counts_right(string design)
    {
        var calm = new StreamCase(TwoCountersOneFault.Shards, []);
        Assert.Empty(await Differences(calm, design == "AddPerEvent" ? Designs.AddPerEvent : Designs.FoldWithoutPositions));
    }

    // What FsCheck says of the smallest case that it found.
    private static string SmallestMiscount(Func<IAmazonDynamoDB, Count> design)
    {
        var failure = Assert.ThrowsAny<Exception>(() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(ManyCases).WithEndSize(40), Property(design)));
        Assert.Contains("Falsifiable", failure.Message, StringComparison.Ordinal);
        return failure.Message;
    }

    private static Property Property(Func<IAmazonDynamoDB, Count> design) => Prop.ForAll(Cases.All, example =>
    {
        var differences = Differences(example, design).GetAwaiter().GetResult();
        return (differences.Count == 0).Label(string.Join("\n", differences));
    });

    private static async Task<IReadOnlyList<string>> Differences(StreamCase example, Func<IAmazonDynamoDB, Count> design)
    {
        using var counters = new MemoryCounters();
        return await new CaseRunner(counters, design, "model").Differences(example);
    }
}
