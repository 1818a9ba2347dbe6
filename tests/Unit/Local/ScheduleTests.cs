using System.Text.Json;
using Collector.Local.Hosting;
using Collector.Local.Lambda;
using Collector.Local.Schedules;
using Collector.Local.Template;

namespace Collector.Tests.Unit.Local;

/// <summary>A schedule of the local host, on a clock that skips pauses.</summary>
public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private readonly JumpingTime time = new(Start);
    private readonly StringWriter output = new();

    [Fact]
    public async Task A_schedule_runs_at_the_start_and_then_at_its_rate_with_an_EventBridge_event()
    {
        var function = await Run(TimeSpan.FromDays(2), _ => InvocationOutcome.Succeeded, runs: 3);

        Assert.Equal([Start, Start.AddDays(2), Start.AddDays(4)], function.At);
        var sent = function.Sent[1];
        Assert.Equal(("Scheduled Event", "aws.events", "2026-11-24T09:00:00Z"),
            (Text(sent, "detail-type"), Text(sent, "source"), Text(sent, "time")));
        Assert.Equal(3, function.Requests.Distinct().Count());
        Assert.Equal("", output.ToString());
    }

    [Fact]
    public async Task A_failed_run_is_tried_twice_more_and_the_next_run_still_follows()
    {
        var function = await Run(TimeSpan.FromHours(1), run =>
            run < 3 ? InvocationOutcome.FunctionError : InvocationOutcome.Succeeded, runs: 4);

        Assert.Equal([Start, Start.AddMinutes(1), Start.AddMinutes(3), Start.AddHours(1)], function.At);
        Assert.Equal(2, function.Requests.Distinct().Count());
        Assert.Equal(
            ["Daily: FunctionError; retrying", "Daily: FunctionError; retrying",
                "Daily: FunctionError; giving up until the next run"],
            output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task<Function> Run(TimeSpan rate, Func<int, InvocationOutcome> outcome, int runs)
    {
        using var stop = new CancellationTokenSource();
        var function = new Function(time, outcome, runs, stop);
        await new Schedule(new ScheduleDefinition("Daily", "Fold", rate), function, new HostLog(output), time).Run(stop.Token);
        return function;
    }

    private static string? Text(JsonElement sent, string name) => sent.GetProperty(name).GetString();

    private sealed class Function(TimeProvider time, Func<int, InvocationOutcome> outcome, int runs, CancellationTokenSource stop)
        : IInvoker
    {
        public List<DateTimeOffset> At { get; } = [];

        public List<JsonElement> Sent { get; } = [];

        public List<string> Requests { get; } = [];

        public Task<InvocationResult> Invoke(Invocation invocation, CancellationToken cancellation)
        {
            At.Add(time.GetUtcNow());
            Sent.Add(JsonDocument.Parse(invocation.Payload).RootElement);
            Requests.Add(invocation.RequestId);
            if (At.Count == runs) stop.Cancel();
            return Task.FromResult(new InvocationResult(outcome(At.Count - 1), default, invocation.RequestId));
        }
    }
}
