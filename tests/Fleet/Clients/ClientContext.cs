using System.Security.Cryptography;
using System.Text;
using Collector.Policy;
using Collector.Tests.Fleet.Truth;

namespace Collector.Tests.Fleet.Clients;

/// <summary>What all clients share: the clock, what people call, where batches go.</summary>
/// <param name="OperatorKey">What the licensing backend reports activations with.</param>
/// <param name="Send">Sends a batch: the answer's <c>track_events</c>, for a session; null when there was no good answer.</param>
internal sealed record ClientContext(
    FleetOptions Options, FleetClock Clock, ServiceMix Mix, CollectionPolicy Policy, string OperatorKey, Func<Batch, Task<bool?>> Send)
{
    /// <summary>A random generator of one client's own.</summary>
    public Random Random(string client) => new(BitConverter.ToInt32(Digest($"{Options.Seed} {client}")));

    /// <summary>A UUID of this client and this run.</summary>
    public string Id(string client) => new Guid(Digest($"{Options.Seed} {client} {Clock.Start.UtcTicks}").AsSpan(0, 16)).ToString("D");

    public TimeSpan Length => TimeSpan.FromMinutes(Options.Minutes) * Options.Speed;

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
