using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2.Model;

namespace Collector.Tests.Unit.Privacy;

/// <summary>
/// An attacker who has every table and every log line and wants to know the session of each anonymous fact (a command, a set of parameters,
/// a feature's labels). Compares every attribute of every item that contains a fact with every attribute of every item of a session: by
/// equal values, by the order of the values, and by their distance.
/// </summary>
/// <param name="facts">For each fact, the items that contain it, each with its table.</param>
/// <param name="sessions">For each session, its items.</param>
/// <param name="requests">The times of the requests, from the log lines.</param>
internal sealed partial class Adversary(
    IReadOnlyList<IReadOnlyList<TableItem>> facts, IReadOnlyList<IReadOnlyList<TableItem>> sessions, IReadOnlyList<double> requests,
    Random random)
{
    private readonly List<Dictionary<string, string>> factValues = [.. facts.Select(Values)];
    private readonly List<Dictionary<string, string>> sessionValues = [.. sessions.Select(Values)];

    /// <summary>The attacks by name. Each guesses a session for every fact.</summary>
    public IEnumerable<(string Name, int[] Guesses)> Attacks()
    {
        yield return ("any equal value", ByEquality());
        foreach (var mine in Attributes(factValues))
        {
            yield return ($"{mine} by the order of requests", ByRequests(mine));
            foreach (var theirs in Attributes(sessionValues))
            {
                yield return ($"{mine} = {theirs}", ByEquality(mine, theirs));
                yield return ($"{mine} ordered as {theirs}", ByRank(mine, theirs));
                yield return ($"{mine} near {theirs}", ByDistance(mine, theirs));
            }
        }
    }

    private static IEnumerable<string> Attributes(IEnumerable<Dictionary<string, string>> values) =>
        values.SelectMany(v => v.Keys).Distinct().Order();

    // Values shared by few sessions have the most weight.
    private int[] ByEquality()
    {
        var owners = sessionValues.SelectMany((values, s) => values.Values.SelectMany(Words).Distinct().Select(word => (word, s)))
            .GroupBy(w => w.word).ToDictionary(g => g.Key, g => g.Select(w => w.s).ToList());
        return [.. factValues.Select(values =>
        {
            var scores = new double[sessions.Count];
            foreach (var word in values.Values.SelectMany(Words).Distinct())
            {
                foreach (var session in owners.GetValueOrDefault(word, [])) scores[session] += 1.0 / (
                    owners[word].Count * owners[word].Count);
            }

            return Best(scores);
        })];
    }

    private int[] ByEquality(string mine, string theirs)
    {
        var owners = sessionValues.Select((values, s) => (Value: values.GetValueOrDefault(theirs), s)).Where(v => v.Value is not null)
            .GroupBy(v => v.Value!).ToDictionary(g => g.Key, g => g.Select(v => v.s).ToList());
        return [.. factValues.Select(values => values.GetValueOrDefault(mine) is { } value && owners.TryGetValue(value, out var who)
            ? who[random.Next(who.Count)] : Any())];
    }

    private int[] ByRank(string mine, string theirs)
    {
        var (f, s) = (Ordered(factValues, mine), Ordered(sessionValues, theirs));
        var guesses = new int[facts.Count];
        Array.Fill(guesses, -1);
        if (s.Count == 0) return guesses;
        for (var rank = 0; rank < f.Count; rank++) guesses[f[rank]] = s[rank * s.Count / f.Count];
        return guesses;
    }

    private int[] ByDistance(string mine, string theirs)
    {
        var numbers = sessionValues.Select(values => Number(values.GetValueOrDefault(theirs))).ToList();
        return [.. factValues.Select(values =>
        {
            if (Number(values.GetValueOrDefault(mine)) is not { } number) return -1;
            return Best([.. numbers.Select(other => other is { } o ? -(double)BigInteger.Abs(o - number) : double.NegativeInfinity)]);
        })];
    }

    // The log lines give the times of requests, not their contents. Guesses that the n-th fact came with the n-th request, from the session
    // that started closest to it.
    private int[] ByRequests(string mine)
    {
        var order = Ordered(factValues, mine);
        var guesses = new int[facts.Count];
        Array.Fill(guesses, -1);
        if (requests.Count == 0) return guesses;
        var starts = sessionValues.Select(values => (double)(Number(values.GetValueOrDefault("sessions.started_at")) ?? 0)).ToList();
        for (var rank = 0; rank < order.Count; rank++)
        {
            var time = requests[rank * requests.Count / order.Count];
            guesses[order[rank]] = Best([.. starts.Select(start => -Math.Abs(start - time))]);
        }

        return guesses;
    }

    // The elements that have the attribute, in its order. Equal values are in random order.
    private List<int> Ordered(List<Dictionary<string, string>> all, string attribute) =>
    [
        .. Enumerable.Range(0, all.Count).Where(i => all[i].ContainsKey(attribute)).OrderBy(_ => random.Next())
            .OrderBy(i => Number(all[i][attribute])).ThenBy(i => all[i][attribute], StringComparer.Ordinal),
    ];

    private int Best(double[] scores)
    {
        var best = scores.Max();
        var candidates = Enumerable.Range(0, scores.Length).Where(i => scores[i].Equals(best)).ToList();
        return candidates[random.Next(candidates.Count)];
    }

    private int Any() => random.Next(sessions.Count);

    private static BigInteger? Number(string? value)
    {
        if (value is null) return null;
        if (value.StartsWith("0x", StringComparison.Ordinal)) return BigInteger.Parse(
            "0" + value[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return BigInteger.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static IEnumerable<string> Words(string value) => Word().Matches(value).Select(match => match.Value).Append(value);

    // When several items have an attribute, its largest value counts. The checkpoints of all stream shards are one attribute.
    private static Dictionary<string, string> Values(IReadOnlyList<TableItem> items)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (table, item) in items)
        {
            foreach (var (name, value) in item)
            {
                var attribute = table + "." + (name[0] == '@' ? "@" : name);
                var text = value.S ?? value.N ?? (
                    value.B is { } bytes ? "0x" + Convert.ToHexString(bytes.ToArray()) : value.BOOL?.ToString() ?? "");
                if (!values.TryGetValue(attribute, out var known) || string.CompareOrdinal(known, text) < 0) values[attribute] = text;
            }

            if (item.ContainsKey("data")) values[table + ".content"] = Inspection.Content(item);
        }

        return values;
    }

    [GeneratedRegex("[A-Za-z0-9_.-]{2,}")]
    private static partial Regex Word();
}

/// <summary>An item and its table, as the adversary names its attributes.</summary>
internal sealed record TableItem(string Table, Dictionary<string, AttributeValue> Item);
