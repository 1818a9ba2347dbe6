using Collector.Policy;
using Collector.Storage;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Storage;

/// <summary>The log has a place for exactly the fields that the policy keeps.</summary>
public sealed class LogEntryTests
{
    [Fact]
    public void Every_kept_field_of_a_call_is_logged() => Assert.Equal(
        Kept(EventKind.Call).Except(["session_id"]).Order(StringComparer.Ordinal),
        LogJson.Default.LoggedCall.Properties.Select(property => property.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_field_of_an_aggregated_call_is_logged() => Assert.Equal(
        Kept(EventKind.Count).Except(["api_calls"]).Order(StringComparer.Ordinal),
        LogJson.Default.LoggedCount.Properties.Select(property => property.Name).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Kept(EventKind kind) =>
        Policies.Shipped.Enforced.Events.Single(e => e.Kind == kind).Fields!.Select(field => field.As).OfType<string>();
}
