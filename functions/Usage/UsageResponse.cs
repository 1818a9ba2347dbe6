using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Collector.Api;

namespace Collector.Usage;

/// <summary>
/// A usage answer. <c>Total</c> is the sum of the rows and of <c>Omitted</c>: rows beyond the limit, below the minimum or beyond the size
/// of an answer. <c>Previous</c> is the period for comparison.
/// </summary>
internal sealed record UsageResponse<TRow>(
    string From, string To, string By, UsagePeriod? Previous, IReadOnlyList<TRow> Rows, TRow Total, TRow? Omitted)
    where TRow : class
{
    /// <param name="rows">The rows, in order.</param>
    /// <param name="shown">Whether a row reaches the minimum.</param>
    /// <param name="sum">Adds up rows.</param>
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

/// <summary>A range of days, UTC, inclusive.</summary>
internal sealed record UsagePeriod(string From, string To);

/// <summary>
/// Calls of a day, service, operation or status code, or of a combination. A status code is a number, or its class if IANA has not
/// registered it (<c>"4xx"</c>). <c>Errors</c> is the number of calls with a status of 400 or more. <c>Sessions</c> is the number of Pro
/// sessions that called a service for the first time. <c>Statuses</c> divides the calls of an operation by status code. <c>Trend</c> has
/// the number that orders the rows, for each part of the period. <c>Overflow</c> is the number of calls of a day that are counted under
/// <c>other</c> because an item was full.
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

/// <summary>The same numbers for the previous period.</summary>
internal sealed record RequestNumbers(long Calls, long Errors, double ErrorRate);

/// <summary>Invocations of a command with a set of parameters, whose names are in ordinal order.</summary>
internal sealed record CliRow(
    string? Day, string? Command, IReadOnlyList<string>? Parameters, long Invocations, IReadOnlyList<long>? Trend, CliNumbers? Previous);

internal sealed record CliNumbers(long Invocations);

/// <summary>
/// Uses of a feature with a set of labels, its sums, and histograms by power of two (each use counts at its number rounded up to one).
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
/// Sessions that started on a day, or with a version or system. <c>Active</c> is the number of sessions that started or sent on the day,
/// and in a total the sum of the days. <c>Machines</c> is the number of distinct machines of a day, and in a total the sum of the days,
/// because a machine cannot be recognised on another day. It is missing for a day whose markers expired before they were counted.
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
/// The outcome of a day's events. <c>Received</c> is the sum of <c>Stored</c> and of all in <c>Dropped</c>, which is by reason.
/// <c>Stripped</c> counts fields stripped from stored events, by event and path; <c>Unreadable</c> counts log items that could not
/// be read, if there are any.
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
