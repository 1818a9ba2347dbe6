namespace Collector.Tests.Fleet.Faults;

/// <summary>The possible faults of a request between a client and the gateway.</summary>
internal enum ClientFault
{
    None,
    SentTwice,
    SentTwiceAtOnce,
    Late,
    OutOfOrder,

    /// <summary>The connection is cut before the answer, and a proxy in between repeats the request.</summary>
    CutThenSentAgain,

    /// <summary>The connection is cut before the answer, and the request is not repeated: the client does not know its outcome.</summary>
    Cut,
}

/// <summary>Draws a fault for each request.</summary>
/// <param name="share">The share of requests that suffer a fault.</param>
internal sealed class ClientFaults(int seed, double share, FaultKinds kinds, FaultCount count)
{
    private readonly ClientFault[] faults = kinds.Of<ClientFault>();
    private readonly Lock gate = new();
    private readonly Random random = new(seed);

    /// <summary>False disables all faults.</summary>
    public bool On { get; set; } = true;

    public ClientFault Next()
    {
        ClientFault fault;
        lock (gate) fault = On && faults.Length > 0 && random.NextDouble() < share ? faults[random.Next(faults.Length)] : ClientFault.None;
        if (fault != ClientFault.None) count.Add("client", fault.ToString());
        return fault;
    }

    /// <summary>Long enough for later requests to overtake this one.</summary>
    public TimeSpan Delay() => Draw(200, 2_000);

    /// <summary>So short that the function may or may not have begun.</summary>
    public TimeSpan Instant() => Draw(0, 30);

    private TimeSpan Draw(int least, int most)
    {
        lock (gate) return TimeSpan.FromMilliseconds(random.Next(least, most));
    }
}
