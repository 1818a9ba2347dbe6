using System.Text.Json.Serialization;

namespace Collector.Insights;

/// <summary>A usage answer. <c>Total</c> is the sum of all rows, also of those beyond the limit.</summary>
internal sealed record UsageAnswer<TRow>(string From, string To, string By, IReadOnlyList<TRow> Rows, TRow Total)
{
    public static UsageAnswer<TRow> Of(UsageQuery query, string by, IEnumerable<TRow> rows, TRow total) => new(
        query.From.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        query.To.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        by,
        [.. rows.Take(query.Limit)],
        total);
}

/// <summary>Calls of a service, operation or status code, or of a combination; <c>Errors</c> are those with a status of 400 or more.</summary>
internal sealed record RequestRow(string? Service, string? Operation, int? StatusCode, long Calls, long Errors, double ErrorRate);

/// <summary>Invocations of a command with a set of parameters, whose names are in ordinal order.</summary>
internal sealed record CliRow(string? Command, IReadOnlyList<string>? Parameters, long Invocations);

/// <summary>Uses of a feature with a set of labels, its sums, and histograms by power of two (each use counts for the next higher one).</summary>
internal sealed record FeatureRow(
    string? Feature,
    IReadOnlyDictionary<string, string>? Labels,
    long Uses,
    IReadOnlyDictionary<string, long> Sums,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Histograms);

/// <summary>
/// What became of a day's events: <c>Received</c> is <c>Stored</c> and all of <c>Dropped</c>, by reason. <c>Stripped</c> are fields taken off stored
/// events, by event and path; <c>Unreadable</c> are log items that could not be read, where there are any.
/// </summary>
internal sealed record LedgerRow(
    string? Day,
    long Received,
    long Stored,
    IReadOnlyDictionary<string, long> Dropped,
    IReadOnlyDictionary<string, long> Stripped,
    long? Unreadable);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UsageAnswer<RequestRow>))]
[JsonSerializable(typeof(UsageAnswer<CliRow>))]
[JsonSerializable(typeof(UsageAnswer<FeatureRow>))]
[JsonSerializable(typeof(UsageAnswer<LedgerRow>))]
internal sealed partial class UsageJson : JsonSerializerContext;
