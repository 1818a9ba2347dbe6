using Amazon.Lambda.APIGatewayEvents;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Usage;

/// <summary>One of the usage answers: takes the counters of its kind, and answers when it has them all.</summary>
internal interface IUsage
{
    /// <summary>The counters it is made of.</summary>
    Metric Metric { get; }

    /// <summary>Takes numbers of days; those that are not asked for are passed over.</summary>
    void Add(string group, string attribute, ReadOnlySpan<DayCount> counts);

    APIGatewayProxyResponse Json();

    APIGatewayProxyResponse Csv();
}
