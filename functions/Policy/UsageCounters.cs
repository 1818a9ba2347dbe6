using System.Text.Json;

namespace Collector.Policy;

/// <summary>
/// Reads the counters of LocalStack 2 to 4: <c>{"namespace": {"python3.12": 3, …}}</c>, or with the statistics of a namespace instead of
/// values (<c>count</c>, <c>sum</c>, <c>min</c> …).
/// </summary>
internal static class UsageCounters
{
    private const string Namespace = "namespace";
    private const string Value = "value";
    private const string Count = "count";
    private const string Sum = "sum";

    /// <summary>
    /// Creates one entry for each value with its count, and one for the count and sum of a namespace. Other statistics cannot be added up
    /// and are left out. An entry that its rules refuse is counted as stripped.
    /// </summary>
    /// <param name="rule">The rule of the object; its entry has the fields namespace, value, count and sum.</param>
    public static List<CleanFields> Read(FieldRule rule, RawValue sent, Cleaning cleaning)
    {
        var kept = new List<CleanFields>();
        if (sent.Type != JsonTokenType.StartObject) return kept;
        var entry = new RawFields(rule.Entry!);
        var statistics = new RawFields(rule.Entry!);
        var reader = sent.Entries(cleaning.Memory.Body);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = RawValue.TakeName(ref reader, sent.Start);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                cleaning.Stripped.Add(rule.Entry!.Path);
                continue;
            }

            statistics.Clear();
            statistics.Put(Namespace, name);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var statistic = Statistic(ref reader);
                var value = RawValue.TakeName(ref reader, sent.Start);
                reader.Read();
                var number = RawValue.Take(ref reader, sent.Start);
                if (statistic is Count or Sum) statistics.Put(statistic, number);
                if (statistic is not null) continue;
                entry.Clear();
                entry.Put(Namespace, name);
                entry.Put(Value, value);
                entry.Put(Count, number);
                Keep(entry);
            }

            if (statistics.Sends(Count) || statistics.Sends(Sum)) Keep(statistics);
        }

        return kept;

        void Keep(RawFields untrusted)
        {
            if (kept.Count < rule.AtMost && CleanFields.Apply(untrusted, cleaning) is { } fields
                && (fields.Number(Count) ?? fields.Number(Sum)) is not null)
                kept.Add(fields);
            else
                cleaning.Stripped.Add(rule.Entry!.Path);
        }
    }

    // The statistic that the member names; null if it names a value.
    private static string? Statistic(ref Utf8JsonReader member)
    {
        if (!RawJson.IsReadable(ref member)) return null;
        foreach (var statistic in (ReadOnlySpan<string>)[Count, Sum, "min", "max", "mean", "median"])
        {
            if (member.ValueTextEquals(statistic)) return statistic;
        }

        return null;
    }
}
