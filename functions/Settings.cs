using System.Globalization;
using Collector.Ingest;
using Collector.Policy;

namespace Collector;

/// <summary>
/// The environment variables of a function, read and checked when it starts. A missing or invalid variable stops it with a message that
/// names the variable (<see cref="InvalidDataException"/>). template.yaml sets them; docs/settings.md lists them.
/// </summary>
internal sealed class Settings(Func<string, string?> variable)
{
    public string Handler => Required("_HANDLER");

    public string SessionsTable => Required("SESSIONS_TABLE");

    public string CallsTable => Required("CALLS_TABLE");

    public string AnonymousTable => Required("ANONYMOUS_TABLE");

    public string CountersTable => Required("COUNTERS_TABLE");

    public string ActivationsTable => Required("ACTIVATIONS_TABLE");

    /// <summary>
    /// The deployment's secret, or the new and the old secret during a rotation (see <see cref="Fingerprints"/>). Each has at least 32
    /// characters; with a shorter secret, fingerprinted values could be guessed.
    /// </summary>
    public string FingerprintSecret
    {
        get
        {
            var secrets = Required("FINGERPRINT_SECRET");
            return Fingerprints.ShortestOf(secrets) >= Fingerprints.LeastSecret
                ? secrets : throw new InvalidDataException(
                    "FINGERPRINT_SECRET must have at least 32 characters; the template lets Secrets Manager generate it");
        }
    }

    /// <summary>One key, or the new and the old key separated by a comma. An empty key would admit every request without a key.</summary>
    public string OperatorKey => Required("OPERATOR_KEY") is var keys && keys.Split(',') is { Length: <= 2 } all && !all.Contains("")
        ? keys : throw new InvalidDataException("OPERATOR_KEY must be one key, or the new and the old key separated by a comma");

    /// <summary>The namespace of the metrics in CloudWatch. It separates the metrics of several deployments in one account.</summary>
    public string MetricsNamespace => Optional("METRICS_NAMESPACE", "usage-collector");

    public PolicySwitches Switches => new(
        TrackEvents: Flag("TRACK_EVENTS", "true"),
        ExtraFeatures: Optional("EXTRA_FEATURES", "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        RetentionDays: new Dictionary<string, int>
        {
            ["SESSION_RETENTION_DAYS"] = Days("SESSION_RETENTION_DAYS", "90"),
            // A stream keeps its records for a day. The log must last longer, for counting and for a recount.
            ["LOG_RETENTION_DAYS"] = Days("LOG_RETENTION_DAYS", "2", least: 2),
            ["ACTIVATION_RETENTION_DAYS"] = Days("ACTIVATION_RETENTION_DAYS", "400", least: 31),
            ["TRACKING_RETENTION_DAYS"] = Days("TRACKING_RETENTION_DAYS", "400"),
            ["ERASURE_RETENTION_DAYS"] = Days("ERASURE_RETENTION_DAYS", "400", least: 2),
        });

    /// <summary>
    /// How long a deletion waits before it looks for items that other functions wrote at the last moment. This is longer than any function
    /// can still act on data that it read before the deletion.
    /// </summary>
    public TimeSpan ErasureSettle => TimeSpan.FromSeconds(Number("ERASURE_SETTLE_SECONDS", "90", 0, 600, "seconds"));

    /// <summary>The limits of one request.</summary>
    public RequestLimits RequestLimits => new(
        Events: Limit("EVENTS_PER_REQUEST", Limits.Events),
        Entries: Limit("ENTRIES_PER_REQUEST", Limits.Entries),
        Operations: Limit("OPERATIONS_PER_REQUEST", Limits.Operations),
        CallsPerEntry: Limit("CALLS_PER_ENTRY", Limits.CallsPerEntry),
        CallsPerRequest: Limit("CALLS_PER_REQUEST", Limits.CallsPerRequest));

    /// <summary>The calls, sessions or uses that a cell of the public summary must have to be shown; 0 publishes no summary.</summary>
    public int PublicMinimum => Number("PUBLIC_MINIMUM", "1000", 0, 1_000_000_000, null);

    private int Limit(string name, int otherwise) => Number(name, otherwise.ToString(CultureInfo.InvariantCulture), 1, 1_000_000_000, null);

    /// <summary>Whether the page may be sent compressed.</summary>
    public bool CompressPage => Flag("COMPRESS_PAGE", "true");

    private bool Flag(string name, string otherwise) => Optional(name, otherwise) switch
    {
        "true" => true,
        "false" => false,
        var other => throw new InvalidDataException($"{name} is {other}; it must be true or false"),
    };

    private int Days(string name, string otherwise, int least = 1) => Number(name, otherwise, least, 400, "days");

    private int Number(string name, string otherwise, int least, int most, string? unit) =>
        int.TryParse(Optional(name, otherwise), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            && number <= most
            ? number
            : throw new InvalidDataException(
                $"{name} is {variable(name)}; it must be a number{(unit is null ? "" : " of " + unit)} from {least} to {most}");

    private string Optional(string name, string otherwise) => variable(name) is { Length: > 0 } value ? value : otherwise;

    private string Required(string name) => variable(name) is { Length: > 0 } value
        ? value : throw new InvalidDataException($"the environment variable {name} is missing; template.yaml sets it");
}
