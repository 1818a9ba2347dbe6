using System.Text.Json.Nodes;
using Collector.Local.Hosting;
using Collector.Local.Lambda;
using Collector.Local.Template;

namespace Collector.Local.Schedules;

/// <summary>
/// An EventBridge rule for a schedule, with Lambda's asynchronous invocation: the function is invoked at the start and then at the
/// schedule's rate. A failed invocation is retried twice.
/// </summary>
internal sealed class Schedule(ScheduleDefinition schedule, IInvoker invoker, HostLog log, TimeProvider time)
{
    /// <summary>A timer cannot wait for more than a few weeks.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)];

    /// <summary>Runs until it is cancelled.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        try
        {
            for (var next = time.GetUtcNow(); ; next += schedule.Rate)
            {
                while (next - time.GetUtcNow() is var left && left > TimeSpan.Zero)
                    await Task.Delay(left < LongestWait ? left : LongestWait, time, cancellation);
                await Invoke(cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task Invoke(CancellationToken cancellation)
    {
        // A retry is the same event with the same request id.
        var id = LambdaIds.New();
        var payload = Event(id);
        for (var attempt = 0; ; attempt++)
        {
            var result = await invoker.Invoke(new Invocation(id, payload, LambdaIds.Trace(time.GetUtcNow())), cancellation);
            if (result.Succeeded || cancellation.IsCancellationRequested)
                return;
            var again = attempt < Pauses.Length;
            log.Line($"{schedule.Id}: {result.Outcome}{(again ? "; retrying" : "; giving up until the next run")}");
            if (!again)
                return;
            await Task.Delay(Pauses[attempt], time, cancellation);
        }
    }

    private byte[] Event(string id) => System.Text.Encoding.UTF8.GetBytes(new JsonObject
    {
        ["version"] = "0",
        ["id"] = id,
        ["detail-type"] = "Scheduled Event",
        ["source"] = "aws.events",
        ["account"] = TemplateValues.Account,
        ["time"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["region"] = TemplateValues.Region,
        ["resources"] = new JsonArray($"arn:aws:events:{TemplateValues.Region}:{TemplateValues.Account}:rule/{schedule.Id}"),
        ["detail"] = new JsonObject(),
    }.ToJsonString());
}
