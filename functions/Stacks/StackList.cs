using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>
/// A credential's sessions, newest first, with filters: <c>ci=true|false</c>, <c>version</c>, <c>service</c>, <c>failed=true</c>,
/// <c>from</c> and <c>to</c> (days of the start, UTC, inclusive) and <c>session</c>, the beginning of an id. A page examines at most
/// <see cref="MaxSessions"/> sessions, so with filters it may be short, or even empty, without being the last.
/// </summary>
internal sealed class StackList(SessionsTable sessions, CountersTable counters, Cursors cursors)
{
    /// <summary>The most sessions that one page examines: ten queries, and their totals.</summary>
    public const int MaxSessions = 1_000;

    private const int PerQuery = 100;

    public async Task<Page<StackRow>> Page(APIGatewayProxyRequest request, IReadOnlyList<string> credentials)
    {
        var filter = Filter.Parse(request);
        var limit = request.QueryNumber("limit", 100, otherwise: 25);
        var list = "stacks of " + credentials[0];
        var after = After(cursors.Open(list, request.Query("cursor")));
        var rows = new List<StackRow>();
        for (var looked = 0; ; looked += PerQuery)
        {
            // One more than is shown, to find out whether there is a next page.
            var most = filter.IsEmpty ? limit + 1 : PerQuery;
            var found = await sessions.OfCredential(credentials, after, most);
            var fitting = found.Where(filter.Fits).Take(filter.IsEmpty ? limit : most).ToList();
            var totals = await StackMetric.Totals(counters, fitting.Select(session => session.Id));
            foreach (var session in fitting)
            {
                var row = StackSummary.Row(session, totals.GetValueOrDefault(session.Id));
                if (!filter.Fits(row)) continue;
                rows.Add(row);
                if (rows.Count == limit) return new Page<StackRow>(
                    rows, session == found[^1] && found.Count < most ? null : Cursor(list, session));
            }

            if (found.Count < most || filter.IsBehind(found[^1])) return new Page<StackRow>(rows, null);
            if (looked + PerQuery >= MaxSessions) return new Page<StackRow>(rows, Cursor(list, found[^1]));
            after = (found[^1].StartedAt.ToUnixTimeMilliseconds(), found[^1].Id);
        }
    }

    private string Cursor(string list, OwnedSession session) =>
        cursors.Seal(list, string.Create(CultureInfo.InvariantCulture, $"{session.StartedAt.ToUnixTimeMilliseconds()} {session.Id}"));

    private static (long StartedAt, string Id)? After(string? place)
    {
        if (place is null) return null;
        var parts = place.Split(' ');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
    }

    private sealed record Filter(string? Id, bool? IsCi, string? Version, string? Service, bool Failed, DateTimeOffset? From,
        DateTimeOffset? To)
    {
        public bool IsEmpty => this == new Filter(null, null, null, null, false, null, null);

        public static Filter Parse(APIGatewayProxyRequest request) => new(
            request.Query("session")?.ToLowerInvariant(),
            Flag(request, "ci"),
            request.Query("version"),
            request.Query("service"),
            Flag(request, "failed") == true,
            Day(request, "from"),
            Day(request, "to")?.AddDays(1));

        public bool Fits(OwnedSession session) =>
            (Id is null || session.Id.StartsWith(Id, StringComparison.Ordinal)) && (IsCi is null || session.IsCi == IsCi)
            && (Version is null || session.Version == Version) && (From is null || session.StartedAt >= From)
                && (To is null || session.StartedAt < To);

        public bool Fits(StackRow row) => (!Failed || row.Failed > 0) && (Service is null || row.Services.Contains(Service));

        /// <summary>Whether this session, and so every session after it, started too early.</summary>
        public bool IsBehind(OwnedSession session) => From is not null && session.StartedAt < From;

        private static bool? Flag(APIGatewayProxyRequest request, string name) => request.Query(name) switch
        {
            null => null,
            "true" => true,
            "false" => false,
            _ => throw Problem.BadRequest.With($"The parameter {name} must be true or false."),
        };

        private static DateTimeOffset? Day(APIGatewayProxyRequest request, string name)
        {
            if (request.Query(name) is not { } text) return null;
            return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
                    : throw Problem.BadRequest.With($"The parameter {name} must be a day such as 2026-11-22.");
        }
    }
}
