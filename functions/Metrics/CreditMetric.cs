using Collector.Storage;

namespace Collector.Metrics;

/// <summary>A credential's licence activations by day, <c>ci</c> and <c>other</c>, from which CI credits are calculated.</summary>
internal static class CreditMetric
{
    public static readonly Metric Metric = new("activations", Retention: "activation");

    public const string Ci = "ci";
    public const string Other = "other";

    /// <summary>One activation. One stream shard has all activations of a credential, so there is no counter shard.</summary>
    public static Increment Of(RecordedActivation activation)
    {
        var day = Day.Of(activation.At);
        return new(new CounterKey(OfMonth(activation.Credential, day[..7]), day), activation.IsCi ? Ci : Other, 1);
    }

    /// <summary>The partition of a credential's activations in a month, <c>2026-11</c>. The groups of its items are the days.</summary>
    public static string OfMonth(string credential, string month) => $"{Metric.Name}#{credential}#{month}";
}
