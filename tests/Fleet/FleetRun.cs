using Collector.Policy;
using Collector.Tests.Fleet.Clients;
using Collector.Tests.Fleet.Faults;
using Collector.Tests.Fleet.Truth;

namespace Collector.Tests.Fleet;

/// <summary>A fleet that sends to one collector, and the comparison of its known events with the collector's numbers.</summary>
internal sealed class FleetRun(
    FleetOptions options, HttpClient http, string operatorKey, TextWriter output, TimeProvider time, ClientFaults? faults = null)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>How long all rows must stay correct, because a second count may come later.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly UsageReader usage = new(http, operatorKey, time);
    private IReadOnlyDictionary<string, long> before = new Dictionary<string, long>();

    public KnownTruth Truth { get; } = new(sessionsMayBeLost: faults is not null);

    public Meter Meter { get; } = new(time);

    /// <summary>Reads the earlier counts: from now on only the fleet may send.</summary>
    public async Task Begin() => before = await usage.Read();

    /// <summary>Sends everything, and ends when the last answer has arrived or its request was given up.</summary>
    /// <param name="wave">Each wave is a different fleet with the same number of clients.</param>
    public async Task Send(CancellationToken stop, int wave = 0)
    {
        using var sender = new Sender(http, Truth, Meter, faults, options.Connections, time);
        var policy = CollectionPolicy.Load(
            new PolicySwitches(true, [], new Dictionary<string, int>()), new Fingerprints("the fleet's, for counting what is stripped"));
        var context = new ClientContext(options, new FleetClock(options.Speed, time), new ServiceMix(), policy, operatorKey, sender.Send);
        using var progress = time.CreateTimer(_ => output.WriteLine(Meter), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        try
        {
            await Task.WhenAll([
                .. Numbers(options.Sessions).Select(number => new RuntimeClient(context, number).Run(stop)),
                .. Numbers(options.Traffic == Traffic.All ? options.Sessions : 0)
                    .Select(number => new CommandClient(context, number).Run(stop)),
                .. Numbers(options.Traffic == Traffic.All ? options.Sessions : 0)
                    .Select(number => new LicenceClient(context, number).Run(stop)),
            ]);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Enough has been sent.
        }

        await sender.Finish();
        output.WriteLine(Meter);

        IEnumerable<int> Numbers(int clients) => Enumerable.Range(wave * options.Sessions, clients);
    }

    /// <summary>Waits until all events are counted or the numbers no longer change, and compares.</summary>
    public async Task<Comparison> Compare()
    {
        var changed = time.GetTimestamp();
        var last = -1L;
        long? right = null;
        while (true)
        {
            var after = await usage.Read();
            var comparison = Comparison.Of(Truth.Rows, before, after);
            if (comparison.Differences.Count > 0) right = null;
            else right ??= time.GetTimestamp();
            if (right is { } since && time.GetElapsedTime(since) > Rest) return comparison;
            var received = after.Values.Sum();
            if (received != last) (last, changed) = (received, time.GetTimestamp());
            if (time.GetElapsedTime(changed) > options.Patience) return comparison;
            await Task.Delay(Look, time);
        }
    }
}
