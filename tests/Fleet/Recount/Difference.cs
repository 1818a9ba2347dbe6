namespace Collector.Tests.Fleet.Recount;

/// <summary>A number that differs from the log. The group covers all counter shards.</summary>
internal sealed record Difference(string Metric, string Group, string Attribute, long Counted, long Logged)
{
    public override string ToString() =>
        FormattableString.Invariant($"{Metric} {Group} {Attribute}: counted {Counted}, the log says {Logged}");
}
