using System.Diagnostics;

namespace Collector.Benchmarks.Comparison;

/// <summary>The cost of one process: processor time, time from its start to its first answer, memory, requests.</summary>
internal readonly record struct Cost(TimeSpan Cpu, TimeSpan Wall, double PeakMegabytes, int Requests)
{
    public double RequestsPerCpuSecond => Requests / Cpu.TotalSeconds;
}

/// <summary>Runs a peer once, with a Runtime API and a DynamoDB that answer at once.</summary>
internal sealed class Run(DynamoDbStub dynamoDb, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A new process answers one event.</summary>
    public async Task<Cost> Cold(Peer peer, string handler, Invocation first)
    {
        var answered = 0L;
        using var runtime = new RuntimeStub(number => number == 0 ? first : null, () => answered = Stopwatch.GetTimestamp());
        var start = Stopwatch.GetTimestamp();
        using var process = PeerProcess.Start(peer, handler, runtime.Address, dynamoDb.Url, runtime.Fail);
        await runtime.Idle.WaitAsync(Patience, time);
        return new Cost(process.Cpu, Stopwatch.GetElapsedTime(start, answered), process.PeakMegabytes, 1);
    }

    /// <summary>A process answers events with a pause before each. The first tenth warms it up.</summary>
    /// <returns>Milliseconds from each event to its answer.</returns>
    public async Task<IReadOnlyList<double>> NowAndThen(
        Peer peer, string handler, Func<int, Invocation> events, int count, TimeSpan pause)
    {
        var walls = new List<double>();
        var given = 0L;
        using var never = new ManualResetEventSlim();
        using var runtime = new RuntimeStub(
            number =>
            {
                if (number == count) return null;
                never.Wait(pause);
                given = Stopwatch.GetTimestamp();
                return events(number);
            },
            () => walls.Add(Stopwatch.GetElapsedTime(given).TotalMilliseconds));
        using var process = PeerProcess.Start(peer, handler, runtime.Address, dynamoDb.Url, runtime.Fail);
        await runtime.Idle.WaitAsync(Patience, time);
        return walls[(count / 10)..];
    }

    /// <summary>A process answers these events, each once.</summary>
    public async Task Once(Peer peer, string handler, IReadOnlyList<Invocation> events)
    {
        using var runtime = new RuntimeStub(number => number < events.Count ? events[number] : null, () => { });
        using var process = PeerProcess.Start(peer, handler, runtime.Address, dynamoDb.Url, runtime.Fail);
        await runtime.Idle.WaitAsync(Patience, time);
    }

    /// <summary>
    /// A process answers events until it has used the processor time of the warm-up, and then that of the measurement, which counts.
    /// </summary>
    public async Task<Cost> Warm(Peer peer, string handler, Func<int, Invocation> events, TimeSpan warmUp, TimeSpan measured)
    {
        PeerProcess? process = null;
        (int Request, TimeSpan Cpu)? begin = null;
        (int Request, TimeSpan Cpu) end = default;
        using var started = new ManualResetEventSlim();
        using var runtime = new RuntimeStub(
            number =>
            {
                if (number == 0) started.Wait();
                var cpu = process!.Cpu;
                if (begin is null && cpu >= warmUp) begin = (number, cpu);
                if (begin is not { } from || cpu < from.Cpu + measured) return events(number);
                end = (number, cpu);
                return null;
            },
            () => { });
        using (process = PeerProcess.Start(peer, handler, runtime.Address, dynamoDb.Url, runtime.Fail))
        {
            started.Set();
            await runtime.Idle.WaitAsync(Patience, time);
            return new Cost(end.Cpu - begin!.Value.Cpu, TimeSpan.Zero, process.PeakMegabytes, end.Request - begin.Value.Request);
        }
    }
}
