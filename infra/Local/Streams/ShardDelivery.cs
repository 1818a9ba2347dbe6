using System.Text;
using System.Text.Json.Nodes;
using Collector.Local.Lambda;
using Collector.Local.Template;

namespace Collector.Local.Streams;

/// <summary>
/// Delivers a shard's batches to the function in order, until each is processed or given up, with retries after growing pauses, bisecting,
/// partial failures and tumbling windows. The position never advances past a record that is still to be delivered.
/// </summary>
internal sealed class ShardDelivery(
    MappingDefinition mapping, FunctionDefinition function, IInvoker invoker, Shard shard, string streamArn,
    ShardCheckpoint from, Action<ShardCheckpoint> save, FailureLog failures, TimeProvider time)
{
    /// <summary>The largest state of a window, 1 MB. If it is larger, Lambda ends the window early.</summary>
    private const int StateBytes = 1024 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private ShardCheckpoint at = from;

    public ShardCheckpoint Position => at;

    /// <summary>The time at which the open window ends; null if no window is open.</summary>
    public DateTimeOffset? WindowEnd =>
        at.WindowStart is { } start ? DateTimeOffset.FromUnixTimeSeconds(start) + mapping.TumblingWindow : null;

    /// <summary>Whether a record belongs to a later window than the open one. An earlier record stays in the open window.</summary>
    public bool IsBehindWindow(StreamRecord record) => WindowEnd is { } end && record.Created >= end;

    /// <summary>Delivers records of one window; completes when each of them is processed or given up.</summary>
    public async Task Deliver(IReadOnlyList<StreamRecord> records, CancellationToken cancellation)
    {
        if (mapping.TumblingWindow > TimeSpan.Zero && at.WindowStart is null)
        {
            var length = (long)mapping.TumblingWindow.TotalSeconds;
            at = at with { WindowStart = records[0].Created.ToUnixTimeSeconds() / length * length, State = [] };
        }

        var parts = new Stack<Part>([new Part([.. records], 0)]);
        var pause = FirstPause;
        var invocations = 0;
        InvocationResult? last = null;
        while (parts.TryPop(out var part))
        {
            part = GiveUpOld(part, invocations, last);
            if (part.Records.Length == 0)
                continue;
            last = await Invoke(part.Records, final: false, early: false, cancellation);
            var verdict = BatchResult.Read(last, part.Records, mapping);
            invocations += verdict.Invoked ? 1 : 0;
            if (verdict.Done > 0)
            {
                pause = FirstPause;
                MoveTo(part.Records[verdict.Done - 1].SequenceNumber, verdict.State);
                await EndWindowIfFull(cancellation);
            }

            if (verdict.Done == part.Records.Length)
                continue;
            if (!verdict.Invoked)
                parts.Push(part);
            else if (Remaining(part, verdict.Done) is [_, ..] remaining)
            {
                foreach (var next in remaining.AsEnumerable().Reverse())
                    parts.Push(next);
            }
            else
            {
                failures.Write(mapping, function, streamArn, shard.Id, part.Records, "RetryAttemptsExhausted", invocations, last);
                MoveTo(part.Records[^1].SequenceNumber, null);
                continue;
            }

            await Task.Delay(pause, time, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Advances past records that the filter excluded.</summary>
    public void Skip(string sequenceNumber) => MoveTo(sequenceNumber, null);

    /// <summary>Records that the shard has ended and was processed completely.</summary>
    public void Finish()
    {
        at = at with { Finished = true };
        save(at);
    }

    /// <summary>Invokes the function for the end of the window until it succeeds; the shard continues only then.</summary>
    public async Task EndWindow(bool early, CancellationToken cancellation)
    {
        if (at.WindowStart is null)
            return;
        for (var pause = FirstPause; !(await Invoke([], final: true, early, cancellation)).Succeeded; pause = pause * 2 < LongestPause
            ? pause * 2 : LongestPause)
            await Task.Delay(pause, time, cancellation);
        // A window that was ended early continues with an empty state.
        at = early ? at with { State = [] } : at with { WindowStart = null, State = null };
        save(at);
    }

    private async Task EndWindowIfFull(CancellationToken cancellation)
    {
        if (at.State is { } state && Encoding.UTF8.GetByteCount(state.ToJsonString()) > StateBytes)
            await EndWindow(early: true, cancellation);
    }

    private Task<InvocationResult> Invoke(IReadOnlyList<StreamRecord> records, bool final, bool early, CancellationToken cancellation)
    {
        var payload = at.WindowStart is { } start
            ? StreamEvent.WriteWindow(records, start, mapping.TumblingWindow, at.State ?? [], shard.Id, streamArn, final, early)
            : StreamEvent.Write(records);
        return invoker.Invoke(new Invocation(LambdaIds.New(), payload, LambdaIds.Trace(time.GetUtcNow())), cancellation);
    }

    /// <summary>
    /// The next parts to deliver of a batch that was not processed completely: its halves if it may be bisected (which does not count as an
    /// attempt), otherwise the rest again. Empty if no attempts are left.
    /// </summary>
    private Part[] Remaining(Part part, int done)
    {
        var rest = part.Records.Skip(done).ToArray();
        if (mapping.Bisect && done > 0)
            return [part with { Records = rest }];
        if (mapping.Bisect && rest.Length > 1)
            return [part with { Records = rest[..(rest.Length / 2)] }, part with { Records = rest[(rest.Length / 2)..] }];
        return mapping.MaximumRetryAttempts >= 0 && part.Retries >= mapping.MaximumRetryAttempts ? [] : [new Part(rest, part.Retries + 1)];
    }

    private Part GiveUpOld(Part part, int invocations, InvocationResult? last)
    {
        if (mapping.MaximumRecordAge is not { } age)
            return part;
        var oldest = time.GetUtcNow() - age;
        var old = part.Records.TakeWhile(record => record.Created < oldest).ToArray();
        if (old.Length == 0)
            return part;
        failures.Write(mapping, function, streamArn, shard.Id, old, "RecordAgeExceeded", invocations, last);
        MoveTo(old[^1].SequenceNumber, null);
        return part with { Records = [.. part.Records.Skip(old.Length)] };
    }

    private void MoveTo(string sequenceNumber, JsonObject? state)
    {
        at = at with { Position = sequenceNumber, State = state?.DeepClone() as JsonObject ?? at.State };
        save(at);
    }

    /// <param name="Retries">How often these records have been retried.</param>
    private sealed record Part(StreamRecord[] Records, int Retries);
}
