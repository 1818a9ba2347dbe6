using System.Security.Cryptography;
using System.Text;
using Collector.Policy;
using Collector.Tests.Fleet.Truth;

namespace Collector.Tests.Fleet.Clients;

/// <summary>Shared by all clients: the clock, the mix of AWS calls, and the sender of batches.</summary>
/// <param name="OperatorKey">The key with which the licensing backend reports activations.</param>
/// <param name="Send">Sends a batch. Returns the answer's <c>track_events</c> for a session; null without a good answer.</param>
internal sealed record ClientContext(
    FleetOptions Options, FleetClock Clock, ServiceMix Mix, CollectionPolicy Policy, string OperatorKey, Func<Batch, Task<bool?>> Send)
{
    /// <summary>A separate random generator for one client.</summary>
    public Random Random(string client) => new(BitConverter.ToInt32(Digest($"{Options.Seed} {client}")));

    /// <summary>A UUID for this client and this run.</summary>
    public string Id(string client) => new Guid(Digest($"{Options.Seed} {client} {Clock.Start.UtcTicks}").AsSpan(0, 16)).ToString("D");

    public TimeSpan Length => TimeSpan.FromMinutes(Options.Minutes) * Options.Speed;

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
