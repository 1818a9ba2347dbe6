using Collector.Tests.Fleet.Scale;

namespace Collector.Tests.Unit.Counting;

/// <summary>The rules with which docs/cost.md is computed.</summary>
public sealed class CostModelTests
{
    private static readonly Figures Figures = Figures.Read(Repository.Root);
    private static readonly CostModel Model = new(Figures);

    [Theory]
    [InlineData(100, 350)]
    [InlineData(333, 1165.5)]
    [InlineData(1000, 3033.1)]
    [InlineData(2000, 5413.1)]
    public void Each_step_of_a_price_applies_to_the_units_within_it(double millions, double dollars) =>
        Assert.Equal(dollars, TieredPrice.Rest(Figures).Month(millions), 1);

    [Fact]
    public void More_events_in_a_request_cost_less_per_event()
    {
        foreach (var tier in Tier.All)
        {
            var costs = Tier.Batches.Select(batch => Model.MillionEvents(new Load(tier, batch, 100)).Total).ToList();
            Assert.Equal(costs.OrderDescending(), costs);
        }
    }

    [Fact]
    public void The_cost_of_a_month_is_the_cost_of_its_events()
    {
        var load = new Load(Tier.Pro, 20, 100);
        var millions = load.Rate * load.Batch * Figures.Assumed("hours") * 3600 / 1_000_000;
        Assert.Equal(Model.Month(load).Total, Model.MillionEvents(load).Total * millions, 6);
    }

    [Theory]
    [InlineData(0.1, 0.1)]
    [InlineData(100, 0.2)]
    [InlineData(10_000, 20)]
    public void The_Aggregator_runs_once_per_window_and_shard_or_more_often_when_batches_are_full(double rate, double invocations) =>
        Assert.Equal(invocations, Model.AggregatorInvocations(new Load(Tier.Pro, 20, rate)), 1);

    [Fact]
    public void Sessions_of_calls_are_read_more_often_with_more_processes_and_those_of_anonymous_events_never()
    {
        Assert.Equal(0, Model.ReadShare(new Load(Tier.Cli, 1, 10_000)));
        Assert.True(Model.ReadShare(new Load(Tier.Pro, 20, 1)) < 0.5);
        Assert.Equal(1, Model.ReadShare(new Load(Tier.Pro, 20, 10_000)));
    }

    [Fact]
    public void Every_figure_has_a_unit_a_source_and_a_date()
    {
        foreach (var part in new[] { "prices", "measured", "assumptions", "limits", "fleet" })
        {
            foreach (var (name, entry) in Figures.Part(part))
            {
                Assert.All(["unit", "what", "source", "date"], member => Assert.True(
                    entry[member]?.GetValue<string>() is { Length: > 0 }, $"{part}.{name} has no {member}"));
            }
        }
    }
}
