using Amazon.DynamoDBv2.Model;
using Collector.Counting;
using Collector.Storage;
using Collector.Tests.Unit.Policy;
using Xunit.Abstractions;

namespace Collector.Tests.Unit.Privacy;

/// <summary>
/// Attacks I4: an attacker with all tables and all log lines tries to find which of 48 machines sent each command, set of parameters
/// and feature, each of which belongs to one machine only. No attack may do better than chance, and the attacks must succeed where
/// the tables leak.
/// </summary>
public sealed class UnlinkabilityTests(ITestOutputHelper output)
{
    private const int Count = 48;

    // The expected number of correct guesses by chance: three facts per machine, each correct with a probability of one in Count.
    private const double Chance = 3;

    // Nine standard deviations above chance: about 10,000 attacks are made, and none may reach this by luck.
    private static readonly double Most = Chance + (9 * Math.Sqrt(Chance));

    [Theory]
    [InlineData(3300, 0)]
    [InlineData(3300, 1)]
    [InlineData(3300, 20)]
    [InlineData(3300, 60)]
    [InlineData(240, 0)]
    [InlineData(240, 20)]
    [InlineData(240, 60)]
    public async Task No_attack_does_better_than_chance(int spreadSeconds, int windowSeconds)
    {
        var machines = await Run(spreadSeconds, windowSeconds);
        Assert.All(Hits(machines), attack => Assert.True(attack.Hits <= Most, $"{attack.Name}: {attack.Hits} of {3 * Count}"));
    }

    [Fact]
    public async Task The_attacks_identify_most_machines_when_one_stream_has_all_records_and_checkpoints_are_plain()
    {
        var machines = await Run(3300, 1, onlyStream: true);
        Open(machines);
        var hits = Hits(machines);
        Assert.True(hits.Single(attack => attack.Name == "counters.@ = stack.@").Hits > 3 * Count / 4, "equal values do not identify the machines");
        Assert.True(hits.Single(attack => attack.Name == "counters.@ near stack.@").Hits > 3 * Count / 4, "close values do not identify the machines");
    }

    [Fact]
    public async Task The_attacks_identify_many_machines_when_streams_are_separate_and_checkpoints_are_plain()
    {
        var machines = await Run(3300, 1);
        Open(machines);
        Assert.True(Hits(machines).Max(attack => attack.Hits) > Count, "the order of two streams does not identify the machines");
    }

    [Fact]
    public async Task The_attacks_identify_the_machines_when_an_exact_time_is_stored()
    {
        var machines = await Run(3300, 20);
        foreach (var (fact, machine) in machines.Facts)
        {
            var seen = machines.SessionItems(machine).First(item => item.Table == "calls").Item["at"].N;
            foreach (var item in machines.FactItems(fact).Where(item => item.Table == "anonymous")) item.Item["expires_at"] =
                new AttributeValue { N = seen };
        }

        Assert.True(Hits(machines).Single(attack => attack.Name == "anonymous.expires_at near sessions.started_at").Hits > 2 * Count);
    }

    private List<(string Name, int Hits)> Hits(Machines machines)
    {
        var facts = machines.Facts;
        var items = facts.Select(fact => (IReadOnlyList<TableItem>)[.. machines.FactItems(fact.Fact)]).ToList();
        // An adversary without data proves nothing.
        Assert.All(items, (found, i) => Assert.True(
            found.Any(item => item.Table == "anonymous") && found.Any(item => item.Table == "counters"),
            $"{facts[i].Fact} is not in the tables"));
        var adversary = new Adversary(
            items, [.. Enumerable.Range(0, machines.Count).Select(
                machine => (IReadOnlyList<TableItem>)[.. machines.SessionItems(machine)])],
            machines.RequestTimes, new Random(5));
        var hits = adversary.Attacks().Select(
            attack => (attack.Name, attack.Guesses.Where((guess, i) => guess == facts[i].Machine).Count())).ToList();
        foreach (var (name, found) in hits.OrderByDescending(attack => attack.Item2).Take(3)) output.WriteLine(
            $"{name}: {found} of {facts.Count}");
        output.WriteLine($"{hits.Count} attacks");
        return hits;
    }

    private static async Task<Machines> Run(int spreadSeconds, int windowSeconds, bool onlyStream = false)
    {
        var machines = new Machines(Count, TimeSpan.FromSeconds(spreadSeconds), TimeSpan.FromSeconds(windowSeconds), 4, onlyStream);
        await machines.Run();
        return machines;
    }

    // Replaces the checkpoints by sequence numbers that anyone can read, as in an earlier design.
    private static void Open(Machines machines)
    {
        machines.WithPlainPositions = true;
        foreach (var item in machines.DynamoDb.Items("counters"))
        {
            var key = new CounterKey(item["metric"].S, item["group"].S);
            foreach (var name in item.Keys.Where(name => name[0] == '@').ToList())
            {
                var shard = ((string[])["calls", "anonymous", "log", "sessions"])
                    .SelectMany(table => new[] { "calls", "anonymous", "sessions" }.Select(arn =>
                    new StreamShard($"arn:aws:dynamodb:us-east-1:000000000000:table/{arn}/stream/1", "shardId-" + table)))
                        .First(s => s.CheckpointAttribute == name);
                item[name] = new AttributeValue(
                    Policies.Seal.Open(CheckpointValue.Of(item[name].B.ToArray()), key, shard)!.Value.Position.Padded);
            }
        }
    }
}
