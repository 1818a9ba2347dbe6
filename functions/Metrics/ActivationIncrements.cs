using Collector.Storage;

namespace Collector.Metrics;

/// <summary>What a licence activation adds to the counters: one to its credential's day, from which CI credits are read.</summary>
internal static class ActivationIncrements
{
    public static List<Increment> Of(string credential, DateTimeOffset at, bool isCi) =>
        [new(CounterKey.Activations(credential, LogIncrements.Day(at)), isCi ? CounterAttributes.Ci : CounterAttributes.Other, 1)];
}
