using System.Globalization;
using Collector.Metrics;
using Collector.Stacks;
using Collector.Storage;
using Collector.Usage;

namespace Collector.Tests.Unit.Stacks;

public sealed class StackSummaryTests
{
    private static readonly OwnedSession Session = new(
        "880c3de5-a2e9-4077-a334-3426cdeefe24", "credential", new DateTimeOffset(2026, 11, 1, 7, 0, 0, TimeSpan.Zero), null, false, false);

    [Theory]
    [InlineData(168, 60)]
    [InlineData(169, 3600)]
    public void A_session_longer_than_a_week_is_shown_by_the_hour_and_still_adds_up(int hours, int step)
    {
        var summary = new StackSummary(Session);
        for (var hour = 0; hour < hours; hour++) summary.Add(Hour(hour, Enumerable.Range(0, 60)
            .SelectMany(m => new[] { ($"minute#{m}", 2L), ($"failed_minute#{m}", 1L) }).Append(("call#s3#PutObject#200", 60L))
            .Append(("call#s3#PutObject#404", 60L))));

        var detail = summary.Detail();

        Assert.Equal(step, detail.TimelineStepS);
        Assert.Equal(hours * 3600 / step, detail.Timeline.Count);
        Assert.Equal((hours * 120, hours * 60), ((int)detail.Calls, (int)detail.Failed));
        Assert.Equal((detail.Calls, detail.Failed), (detail.Timeline.Sum(m => m.Calls), detail.Timeline.Sum(m => m.Failed)));
        Assert.Equal("2026-11-01T07:00:00.000Z", detail.Timeline[0].Minute);
    }

    [Fact]
    public void A_long_list_of_user_agents_is_cut_and_calls_without_one_are_shown_as_unknown()
    {
        var summary = new StackSummary(Session);
        var agents = StackSummary.MaxUserAgents + 5;
        summary.Add(Hour(0, Enumerable.Range(0, agents).Select(i => ($"user_agent#made/{i}", 1L))
            .Append(("call#s3#PutObject#200", agents + 7L))));

        var shown = summary.Detail().UserAgents;

        Assert.Equal([("other", 5), (StackSummary.Unknown, 7)], shown.TakeLast(2).Select(a => (a.UserAgent, (int)a.Calls)));
        Assert.Equal(agents + 7, shown.Sum(a => a.Calls));
    }

    [Fact]
    public void A_batch_that_arrived_before_its_session_does_not_give_a_negative_duration()
    {
        var row = StackSummary.Row(Session, new CounterItem("stack#x", "total", new Dictionary<string, long>
        {
            [StackMetric.Calls] = 1, [StackMetric.LastSeen] = Session.StartedAt.AddSeconds(-5).ToUnixTimeMilliseconds(),
        }));

        Assert.Equal((0, row.StartedAt), (row.DurationS, row.LastSeenAt));
    }

    private static CounterItem Hour(int hour, IEnumerable<(string Attribute, long Number)> numbers) => new(
        "stack#x",
        Session.StartedAt.AddHours(hour).ToString("yyyy-MM-ddTHH", CultureInfo.InvariantCulture),
        numbers.ToDictionary(n => n.Attribute, n => n.Number));
}
