using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Collector.Storage;
using Collector.Usage;

namespace Collector.Tests.Unit.Usage;

public sealed class RequestUsageTests
{
    [Fact]
    public void An_answer_stays_within_Lambdas_limit_and_reports_the_omitted_rows()
    {
        var request = new APIGatewayProxyRequest { QueryStringParameters = new Dictionary<string, string> { ["compare"] = "previous" } };
        var today = new DateOnly(2026, 11, 22);
        var usage = new RequestUsage(UsageQuery.Parse(request, today), request);
        for (var i = 0; i < Limits.UsageRows; i++)
        {
            var operation = new string('"', 300) + i.ToString(CultureInfo.InvariantCulture);
            usage.Add("service#0", operation + "#200", [new DayCount(today.DayNumber, i + 1), new DayCount(today.DayNumber - 7, 1)]);
        }

        var answer = usage.Json();

        var stream = new MemoryStream();
        new SourceGeneratorLambdaJsonSerializer<ApiJson>().Serialize(answer, stream);
        Assert.InRange(stream.Length, 1_000_000, 6 * 1024 * 1024);
        var json = JsonNode.Parse(answer.Body!)!;
        var total = Limits.UsageRows * (Limits.UsageRows + 1L) / 2;
        Assert.Equal(total, (long)json["total"]!["calls"]!);
        Assert.Equal(total, json["rows"]!.AsArray().Sum(r => (long)r!["calls"]!) + (long)json["omitted"]!["calls"]!);
        Assert.Equal(Limits.UsageRows, json["rows"]!.AsArray().Sum(r => (long)r!["previous"]!["calls"]!)
            + (long)json["omitted"]!["previous"]!["calls"]!);
        // The most used operations are shown.
        Assert.Equal(Limits.UsageRows, (long)json["rows"]![0]!["calls"]!);
        Assert.True(Encoding.UTF8.GetByteCount(answer.Body!) < 6 * 1024 * 1024);
    }
}
