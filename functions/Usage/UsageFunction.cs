using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Storage;

namespace Collector.Usage;

/// <summary>
/// The usage API: counts over all users, read only from counters, with the operator key. <c>GET /usage/requests</c>, <c>/usage/cli</c>,
/// <c>/usage/features</c>, <c>/usage/sessions</c>; <c>from</c> and <c>to</c> are days, UTC, inclusive. JSON, or CSV with
/// <c>Accept: text/csv</c>. <c>GET /usage/ledger</c> is public: it shows only how many events arrived and what became of them. Without the
/// operator key it covers at most a month and may be a minute old, so that it costs next to nothing however often it is requested.
/// <c>GET /summary</c> is public too, see <see cref="PublicSummary"/>.
/// </summary>
internal sealed class UsageFunction(
    OperatorKey operatorKey, CountersTable counters, TimeProvider time, TimeSpan marksKept, int publicMinimum)
{
    private const string Ledger = "/usage/ledger";
    private const string Summary = "/summary";

    private readonly UsageReader reader = new(counters, time, marksKept);
    private LedgerDays? ledger;
    private PublicSummary? summary;

    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        if (request.Resource == Summary) return await (summary ??= new PublicSummary(counters, time, publicMinimum)).Answer(request);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (request.Resource == Ledger && !operatorKey.IsBorneBy(request)) return await PublicLedger(request, today);
        operatorKey.Require(request);
        var query = UsageQuery.Parse(request, today);
        IUsage usage = request.Resource switch
        {
            "/usage/requests" => new RequestUsage(query, request),
            "/usage/cli" => new CliUsage(query, request),
            "/usage/features" => new FeatureUsage(query, request),
            "/usage/sessions" => new SessionUsage(query, request),
            Ledger => new LedgerUsage(query, request),
            _ => throw Problem.NotFound.With("There is no such route; docs/api.yaml lists them."),
        };
        await reader.Read(usage.Metric, query.Compare ? query.PreviousFrom : query.From, query.To, usage.Add);
        return request.PrefersCsv() ? usage.Csv() : usage.Json();
    }

    private async Task<APIGatewayProxyResponse> PublicLedger(APIGatewayProxyRequest request, DateOnly today)
    {
        var query = UsageQuery.Parse(request, today, Limits.LedgerDays, mayCompare: false);
        if (query.From.DayNumber <= today.DayNumber - Limits.UsageDays)
            throw Problem.BadRequest.With(string.Create(
                CultureInfo.InvariantCulture, $"Days more than {Limits.UsageDays} days ago need the operator key."));
        var usage = new LedgerUsage(query, request);
        await (ledger ??= new LedgerDays(reader, time)).Read(query.From, query.To, usage.Add);
        var answer = request.PrefersCsv() ? usage.Csv() : usage.Json();
        answer.Headers!["Cache-Control"] = string.Create(
            CultureInfo.InvariantCulture, $"public, max-age={(int)Limits.PublicAnswers.TotalSeconds}");
        answer.Headers["Vary"] = "Accept, Authorization";
        return answer;
    }
}
