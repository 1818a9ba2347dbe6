namespace Collector.Tests.Fleet;

/// <summary>How large the fleet is and how long it sends.</summary>
/// <param name="Sessions">LocalStack instances that start during the run.</param>
/// <param name="Minutes">How long the run takes, in minutes of this machine.</param>
/// <param name="Seed">Gives the same fleet again: the same sessions that send the same calls, and the same draw of faults.</param>
/// <param name="Speed">How much faster than real the clients' clocks run: their flushes of 10 and 60 seconds come so much sooner.</param>
/// <param name="Connections">Requests under way at once, at most.</param>
/// <param name="Traffic">What the fleet is made of.</param>
internal sealed record FleetOptions(
    int Sessions, double Minutes, int Seed, double Speed, int Connections = 48, Traffic Traffic = Traffic.All)
{
    /// <summary><c>DISABLE_EVENTS=1</c>: LocalStack and its CLI send nothing.</summary>
    public bool EventsDisabled { get; init; }

    /// <summary><c>LOCALSTACK_DISABLE_EVENTS=1</c>: lstk sends nothing.</summary>
    public bool LstkEventsDisabled { get; init; }

    /// <summary>What is sent may be counted later: so long is waited for it, since the last change.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
