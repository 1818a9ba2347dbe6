namespace Collector.Tests.Fleet;

/// <summary>The size of the fleet and the length of the run.</summary>
/// <param name="Sessions">LocalStack instances that start during the run.</param>
/// <param name="Minutes">The length of the run, in minutes of real time.</param>
/// <param name="Seed">The same seed gives the same fleet: the same sessions with the same calls, and the same faults.</param>
/// <param name="Speed">How much faster than real time the clients' clocks run; flushes every 10 and 60 seconds are that much more
/// frequent.</param>
/// <param name="Connections">The most concurrent requests.</param>
/// <param name="Traffic">The kind of traffic.</param>
internal sealed record FleetOptions(
    int Sessions, double Minutes, int Seed, double Speed, int Connections = 48, Traffic Traffic = Traffic.All)
{
    /// <summary><c>DISABLE_EVENTS=1</c>: LocalStack and its CLI send nothing.</summary>
    public bool EventsDisabled { get; init; }

    /// <summary><c>LOCALSTACK_DISABLE_EVENTS=1</c>: lstk sends nothing.</summary>
    public bool LstkEventsDisabled { get; init; }

    /// <summary>How long to wait for missing counts, since the last change.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
