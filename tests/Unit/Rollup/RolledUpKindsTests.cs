using Amazon.Lambda.APIGatewayEvents;
using Collector.Metrics;
using Collector.Usage;

namespace Collector.Tests.Unit.Rollup;

/// <summary>What is folded is what is asked for.</summary>
public sealed class RolledUpKindsTests
{
    [Fact]
    public void Every_kind_that_can_be_asked_for_is_folded_and_no_other()
    {
        var request = new APIGatewayProxyRequest();
        var query = UsageQuery.Parse(request, new DateOnly(2026, 11, 22));
        IUsage[] usages =
        [
            new RequestUsage(query, request), new CliUsage(query, request), new FeatureUsage(query, request),
            new SessionUsage(query, request),
            new LedgerUsage(query, request),
        ];
        Assert.Equal(usages.Select(usage => usage.Metric.Name).Order(StringComparer.Ordinal),
            AllMetrics.ShownByDay.Select(metric => metric.Name).Order(StringComparer.Ordinal));
        Assert.Equal(typeof(IUsage).Assembly.GetTypes().Count(type => type.IsClass && type.IsAssignableTo(typeof(IUsage))), usages.Length);
    }
}
