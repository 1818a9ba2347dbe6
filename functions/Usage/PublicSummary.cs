using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Usage;

/// <summary>
/// What all clients together use, for the public: services, operations, versions and features by their share of a month. It
/// covers only months that the daily job has packed. Such a month no longer changes, so an answer costs three reads, and only
/// once in the life of a process.
/// </summary>
/// <param name="minimum">
/// The calls, sessions or uses that a cell needs to be shown: <c>PublicMinimum</c> in template.yaml. 0 publishes nothing.
/// </param>
internal sealed class PublicSummary(CountersTable counters, TimeProvider time, int minimum)
{
    private const int SignificantDigits = 2;

    private readonly Dictionary<DateOnly, SummaryShares> known = [];
    private List<DateOnly> months = [];
    private DateTimeOffset monthsFrom = DateTimeOffset.MinValue;

    /// <summary>
    /// Answers for <c>?month=2026-10</c>, or for the newest month that has a summary. Throws the 404 problem for a month without a summary,
    /// the 400 problem for text that is not a month, and <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<APIGatewayProxyResponse> Answer(APIGatewayProxyRequest request)
    {
        if (minimum == 0) throw Problem.NotFound.With("This collector publishes no summary.");
        var asked = request.Query("month") is { } text ? MonthOf(text) : (DateOnly?)null;
        await FindMonths();
        if (asked is { } month && !months.Contains(month)) throw Problem.NotFound.With(
            "There is no summary of this month. A month has one from a few days after its end, for about a year.");
        asked ??= months.Count > 0 ? months[0] : null;
        var shares = asked is { } shown ? await Shares(shown) : SummaryShares.None;
        var answer = Response.Json(
            new SummaryResponse(
                asked is { } of ? Name(of) : null, months.ConvertAll(Name), minimum,
                shares.Services, shares.Operations, shares.Versions, shares.Features),
            SummaryJson.Default.SummaryResponse);
        answer.Headers!["Cache-Control"] = string.Create(
            CultureInfo.InvariantCulture, $"public, max-age={(int)Limits.PublicAnswers.TotalSeconds}");
        return answer;
    }

    // Newest first. Looked up at most once a minute, however many requests there are.
    private async Task FindMonths()
    {
        var now = time.GetUtcNow();
        if (now - monthsFrom < Limits.PublicAnswers) return;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var closed = ClosedDays.Months(today.AddDays(1 - Limits.UsageDays), today)
            .Where(month => ClosedDays.IsMonthClosed(month, today)).Reverse().ToList();
        Metric[] needed = [RequestMetric.Metric, SessionMetric.Metric, FeatureMetric.Metric];
        var packed = await counters.Existing([.. closed.SelectMany(month => needed.Select(metric => KeyOf(metric, month)))]);
        (months, monthsFrom) = (closed.FindAll(month => needed.All(metric => packed.Contains(KeyOf(metric, month).Metric))), now);

        static CounterKey KeyOf(Metric metric, DateOnly month) => MonthRollup.KeyOf(metric.Name, month);
    }

    private async Task<SummaryShares> Shares(DateOnly month)
    {
        if (known.TryGetValue(month, out var shares)) return shares;
        var services = new Cells<string>();
        var operations = new Cells<(string Service, string Operation)>();
        var versions = new Cells<string>();
        var features = new Cells<string>();
        await Read(RequestMetric.Metric, (group, attribute, number) =>
        {
            if (RequestMetric.Parse(attribute) is not var (operation, _)) return;
            var service = RequestMetric.ServiceOf(group);
            services.Add(service, number);
            operations.Add((service, operation), number);
        });
        await Read(SessionMetric.Metric, (group, attribute, number) =>
        {
            if (SessionMetric.Parse(group, attribute).Version is { } version) versions.Add(version, number);
        });
        await Read(FeatureMetric.Metric, (group, attribute, number) =>
        {
            var (feature, _, name) = FeatureMetric.Parse(group, attribute);
            if (name == FeatureMetric.Uses) features.Add(feature, number);
        });
        return known[month] = new SummaryShares(
            [.. services.Shares(minimum).Select(one => new ServiceShare(one.Cell, one.Share))],
            [.. operations.Shares(minimum).Select(one => new OperationShare(one.Cell.Service, one.Cell.Operation, one.Share))],
            [.. versions.Shares(minimum).Select(one => new VersionShare(one.Cell, one.Share))],
            [.. features.Shares(minimum).Select(one => new FeatureShare(one.Cell, one.Share))]);

        async Task Read(Metric metric, Action<string, string, long> add) => await counters.ReadMonth(
            metric.Name, month, new Lock(), (group, attribute, counts) =>
            {
                foreach (var (_, number) in counts) add(group, attribute, number);
            });
    }

    private static DateOnly MonthOf(string text) =>
        DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            ? month : throw Problem.BadRequest.With("The parameter month must be a month such as 2026-10.");

    private static string Name(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>Numbers by cell. All of them make up the whole; the answer has only those that are large enough.</summary>
    private sealed class Cells<TCell>
        where TCell : notnull
    {
        private readonly Dictionary<TCell, long> numbers = [];
        private long whole;

        public void Add(TCell cell, long number)
        {
            numbers[cell] = numbers.GetValueOrDefault(cell) + number;
            whole += number;
        }

        /// <summary>The largest first, and those with equal shares by name: the text of a cell sorts as its names do.</summary>
        public IEnumerable<(TCell Cell, double Share)> Shares(int minimum) =>
            numbers.Where(cell => cell.Value >= minimum)
                .Select(cell => (Cell: cell.Key, Share: Rounded((double)cell.Value / whole)))
                .OrderByDescending(one => one.Share).ThenBy(one => one.Cell.ToString(), StringComparer.Ordinal);

        // Two significant digits: 0.23, 0.0041. With more, the number of calls could be derived from the shares of several months.
        private static double Rounded(double share) =>
            Math.Round(share, SignificantDigits - 1 - (int)Math.Floor(Math.Log10(share)));
    }
}
