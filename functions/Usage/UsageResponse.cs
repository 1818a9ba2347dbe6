using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Collector.Api;

namespace Collector.Usage;

/// <summary>
/// A usage answer. <c>Total</c> is the sum of the rows and of what is <c>Omitted</c>: rows beyond the limit, below the floor or beyond the
/// size of an answer. <c>Previous</c> is the period that is compared with.
/// </summary>
internal sealed record UsageResponse<TRow>(
    string From, string To, string By, UsagePeriod? Previous, IReadOnlyList<TRow> Rows, TRow Total, TRow? Omitted)
    where TRow : class
{
    /// <param name="rows">In order.</param>
    /// <param name="shown">Whether a row is above the floor.</param>
    /// <param name="sum">Adds rows up.</param>
    public static UsageResponse<TRow> Of(
        UsageQuery query, string by, IEnumerable<TRow> rows, Func<TRow, bool> shown, Func<IEnumerable<TRow>, TRow> sum,
        JsonTypeInfo<TRow> type)
    {
        var all = rows.ToList();
        var bytes = 0L;
        var kept = all.Where(shown).Take(query.Limit)
            .TakeWhile(row => (bytes += JsonSerializer.SerializeToUtf8Bytes(row, type).Length) <= Limits.UsageBytes).ToList();
        var omitted = kept.Count < all.Count ? sum(all.Except(kept, ReferenceEqualityComparer.Instance).Cast<TRow>()) : null;
        return new(
            UsageQuery.Name(query.From),
            UsageQuery.Name(query.To),
            by,
            query.Compare ? new UsagePeriod(UsageQuery.Name(query.PreviousFrom), UsageQuery.Name(query.PreviousTo)) : null,
            kept,
            sum(all),
            omitted);
    }
}

/// <summary>Days, UTC, inclusive.</summary>
internal sealed record UsagePeriod(string From, string To);

/// <summary>
/// Calls of a day, service, operation or status code, or of a combination. A status code is a number, or the class of one that IANA has not
/// registered (<c>"4xx"</c>). <c>Errors</c> are those with a status of 400 or more. <c>Sessions</c> are the Pro
/// sessions that called a service for the first time in their life. <c>Statuses</c> parts the
/// calls of an operation by status code. <c>Trend</c> has the number that orders the rows, in each part of the period.
/// <c>Overflow</c> are calls of a day that are counted under <c>other</c>, because an item was full.
/// </summary>
internal sealed record RequestRow(
    string? Day,
    string? Service,
    string? Operation,
    [property: JsonConverter(typeof(StatusCodeJson))] string? StatusCode,
    long Calls,
    long Errors,
    double ErrorRate,
    long? Sessions,
    IReadOnlyDictionary<string, long>? Statuses,
    IReadOnlyList<long>? Trend,
    long? Overflow,
    RequestNumbers? Previous);

/// <summary>The same of the period before.</summary>
internal sealed record RequestNumbers(long Calls, long Errors, double ErrorRate);

/// <summary>Invocations of a command with a set of parameters, whose names are in ordinal order.</summary>
internal sealed record CliRow(
    string? Day, string? Command, IReadOnlyList<string>? Parameters, long Invocations, IReadOnlyList<long>? Trend, CliNumbers? Previous);

internal sealed record CliNumbers(long Invocations);

/// <summary>
/// Uses of a feature with a set of labels, its sums, and histograms by power of two (each use counts for the next higher one).
/// </summary>
internal sealed record FeatureRow(
    string? Day,
    string? Feature,
    IReadOnlyDictionary<string, string>? Labels,
    long Uses,
    IReadOnlyDictionary<string, long>? Sums,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>>? Histograms,
    IReadOnlyList<long>? Trend,
    FeatureNumbers? Previous);

internal sealed record FeatureNumbers(long Uses);

/// <summary>
/// Sessions that started on a day, or of a version or system. <c>Active</c> are those that started or sent on the day, and in a total the
/// sum of the days. <c>Machines</c> are the distinct ones of a day, and in a total their sum: a machine can't be told again on another day.
/// They are missing for a day whose marks have expired before they were counted.
/// </summary>
internal sealed record SessionRow(
    string? Day,
    string? Version,
    string? System,
    long Sessions,
    long? Active,
    long? Machines,
    long? Ci,
    long? Docker,
    long? Pro,
    IReadOnlyDictionary<string, long>? Versions,
    IReadOnlyDictionary<string, long>? Systems,
    SessionNumbers? Previous);

internal sealed record SessionNumbers(long Sessions);

/// <summary>
/// What became of a day's events: <c>Received</c> is <c>Stored</c> and all of <c>Dropped</c>, by reason. <c>Stripped</c> are fields taken
/// off stored events, by event and path; <c>Unreadable</c> are log items that could not be read, where there are any.
/// </summary>
internal sealed record LedgerRow(
    string? Day,
    long Received,
    long Stored,
    IReadOnlyDictionary<string, long> Dropped,
    IReadOnlyDictionary<string, long> Stripped,
    long? Unreadable);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UsageResponse<RequestRow>))]
[JsonSerializable(typeof(UsageResponse<CliRow>))]
[JsonSerializable(typeof(UsageResponse<FeatureRow>))]
[JsonSerializable(typeof(UsageResponse<SessionRow>))]
[JsonSerializable(typeof(UsageResponse<LedgerRow>))]
internal sealed partial class UsageJson : JsonSerializerContext;
