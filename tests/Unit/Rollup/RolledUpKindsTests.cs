using Amazon.Lambda.APIGatewayEvents;
using Collector.Metrics;
using Collector.Usage;

namespace Collector.Tests.Unit.Rollup;

/// <summary>The rollup covers exactly the kinds that the usage API shows.</summary>
public sealed class RolledUpKindsTests
{
    [Fact]
    public void Exactly_the_kinds_that_the_usage_API_shows_are_rolled_up()
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
