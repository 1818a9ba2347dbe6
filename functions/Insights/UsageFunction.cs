using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Http;
using Collector.Storage;

namespace Collector.Insights;

/// <summary>
/// The usage API: community aggregates, read from counters only. <c>GET /usage/requests</c>, <c>/usage/cli</c>, <c>/usage/features</c>, with the
/// operator key; <c>from</c> and <c>to</c> are days, UTC, inclusive. <c>GET /usage/ledger</c> is the same for everyone: it holds no more than how many
/// events came and what became of them.
/// </summary>
internal sealed class UsageFunction(OperatorKey operatorKey, CountersTable counters, TimeProvider time)
{
    private const string Ledger = "/usage/ledger";

    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        if (request.Resource != Ledger) operatorKey.Require(request);
        var query = UsageQuery.Parse(request.QueryStringParameters, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        return request.Resource switch
        {
            "/usage/requests" => Answer.Json(RequestUsage.Of(query, await Read(query, "requests")), UsageJson.Default.UsageAnswerRequestRow),
            "/usage/cli" => Answer.Json(CliUsage.Of(query, await Read(query, "cli")), UsageJson.Default.UsageAnswerCliRow),
            "/usage/features" => Answer.Json(FeatureUsage.Of(query, await Read(query, "features")), UsageJson.Default.UsageAnswerFeatureRow),
            Ledger => Answer.Json(LedgerUsage.Of(query, await Read(query, "ledger")), UsageJson.Default.UsageAnswerLedgerRow),
            _ => throw Problem.NotFound.With("There is no such usage; see the README for those there are."),
        };
    }

    private async Task<List<CounterItem>> Read(UsageQuery query, string kind)
    {
        var days = await Task.WhenAll(query.Days.Select(async day =>
        {
            var items = new List<CounterItem>();
            await foreach (var item in counters.Read(CounterKey.DayMetric(kind, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))) items.Add(item);
            return items;
        }));
        return [.. days.SelectMany(items => items)];
    }
}
