using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Collector.Tests.Fleet.Truth;

namespace Collector.Tests.Fleet.Clients;

/// <summary>
/// The licensing backend at the start of one LocalStack instance (protocol.md): it reports the activation, with an id, even if the
/// instance's own events are disabled.
/// </summary>
internal sealed class LicenceClient(ClientContext fleet, int number)
{
    private readonly Random random = fleet.Random("licence " + number);

    /// <summary>The credentials of all activations: few, so that each counter gets many activations.</summary>
    public static IReadOnlyList<string> Tokens { get; } = [.. Enumerable.Range(0, 20)
        .Select(n => string.Create(CultureInfo.InvariantCulture, $"ls-fleet-{n:00}-licence"))];

    public async Task Run(CancellationToken stop)
    {
        await fleet.Clock.Until(fleet.Length * random.NextDouble(), stop);
        var token = Tokens[random.Next(Tokens.Count)];
        var isCi = random.Next(100) < 45;
        var body = new JsonObject
        {
            ["product"] = new JsonObject { ["name"] = "localstack-pro", ["version"] = "2026.3.1" },
            ["credentials"] = new JsonObject { ["token"] = token },
            ["machine"] = new JsonObject { ["hostname"] = "a-name-that-is-not-kept", ["platform"] = "linux" },
            ["is_ci"] = isCi,
            ["activation_id"] = fleet.Id("activation " + number),
        };
        await fleet.Send(new Batch(
            Batch.Activation, Encoding.UTF8.GetBytes(body.ToJsonString()),
            new Dictionary<string, string> { ["Authorization"] = "Bearer " + fleet.OperatorKey },
            new Dictionary<string, long> { [Row.Credits(token, isCi ? "ci" : "other")] = 1 }, new(new Dictionary<string, long>()), 1));
    }
}
