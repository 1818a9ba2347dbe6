using Amazon.Lambda.APIGatewayEvents;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Usage;

/// <summary>A kind of usage answer: it receives the counters of its metric, and answers when it has them all.</summary>
internal interface IUsage
{
    /// <summary>The metric whose counters it needs.</summary>
    Metric Metric { get; }

    /// <summary>Receives numbers of days, and ignores days that were not requested.</summary>
    void Add(string group, string attribute, ReadOnlySpan<DayCount> counts);

    APIGatewayProxyResponse Json();

    APIGatewayProxyResponse Csv();
}
