using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Storage;

namespace Collector.Usage;

/// <summary>
/// The usage API: community aggregates, read from counters only, with the operator key. <c>GET /usage/requests</c>, <c>/usage/cli</c>,
/// <c>/usage/features</c>, <c>/usage/sessions</c>; <c>from</c> and <c>to</c> are days, UTC, inclusive. JSON, or CSV with <c>Accept:
/// text/csv</c>.
/// <c>GET /usage/ledger</c> is for everyone: it holds no more than how many events came and what became of them.
/// </summary>
internal sealed class UsageFunction(OperatorKey operatorKey, CountersTable counters, TimeProvider time, TimeSpan marksKept)
{
    private const string Ledger = "/usage/ledger";

    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        if (request.Resource != Ledger) operatorKey.Require(request);
        var query = UsageQuery.Parse(request, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        IUsage usage = request.Resource switch
        {
            "/usage/requests" => new RequestUsage(query, request),
            "/usage/cli" => new CliUsage(query, request),
            "/usage/features" => new FeatureUsage(query, request),
            "/usage/sessions" => new SessionUsage(query, request),
            Ledger => new LedgerUsage(query, request),
            _ => throw Problem.NotFound.With("There is no such usage; see the README for those there are."),
        };
        await new UsageReader(counters, time, marksKept).Read(usage.Metric, query.Compare ? query.PreviousFrom : query.From, query.To, usage.Add);
        return request.PrefersCsv() ? usage.Csv() : usage.Json();
    }
}
