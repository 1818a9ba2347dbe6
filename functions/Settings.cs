using System.Globalization;
using Collector.Ingest;
using Collector.Policy;

namespace Collector;

/// <summary>
/// The environment variables of a function, read and checked when it starts. A missing or invalid variable stops it with a message that
/// names the variable (<see cref="InvalidDataException"/>). template.yaml sets them; the README lists them.
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
    /// The deployment's secret, or the new and the old one while it is replaced (see <see cref="Fingerprints"/>). Each has at least 32
    /// characters: with fewer, fingerprinted values could be guessed.
    /// </summary>
    public string FingerprintSecret
    {
        get
        {
            var secrets = Required("FINGERPRINT_SECRET");
            return Fingerprints.ShortestOf(secrets) >= Fingerprints.LeastSecret
                ? secrets : throw new InvalidDataException(
                    "FINGERPRINT_SECRET is shorter than 32 characters; the template lets Secrets Manager make one");
        }
    }

    /// <summary>One key, or the new and the old one separated by a comma. An empty one would let everybody in who sends no key.</summary>
    public string OperatorKey => Required("OPERATOR_KEY") is var keys && keys.Split(',') is { Length: <= 2 } all && !all.Contains("")
        ? keys : throw new InvalidDataException("OPERATOR_KEY is one key, or the new and the old one separated by a comma");

    /// <summary>The metrics' namespace in CloudWatch, so that two deployments in one account have separate metrics.</summary>
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
    /// How long a deletion waits before it looks for items that other functions wrote at the last moment. It is longer than any function
    /// can still act on what it read before the deletion.
    /// </summary>
    public TimeSpan ErasureSettle => TimeSpan.FromSeconds(Number("ERASURE_SETTLE_SECONDS", "90", 0, 600, "seconds"));

    /// <summary>How much one request may hold.</summary>
    public RequestLimits RequestLimits => new(
        Events: Limit("EVENTS_PER_REQUEST", Limits.Events),
        Entries: Limit("ENTRIES_PER_REQUEST", Limits.Entries),
        Operations: Limit("OPERATIONS_PER_REQUEST", Limits.Operations),
        CallsPerEntry: Limit("CALLS_PER_ENTRY", Limits.CallsPerEntry),
        CallsPerRequest: Limit("CALLS_PER_REQUEST", Limits.CallsPerRequest));

    /// <summary>The calls, sessions or uses from which on the public summary shows a cell; 0 publishes none.</summary>
    public int PublicMinimum => Number("PUBLIC_MINIMUM", "1000", 0, 1_000_000_000, null);

    private int Limit(string name, int otherwise) => Number(name, otherwise.ToString(CultureInfo.InvariantCulture), 1, 1_000_000_000, null);

    /// <summary>Whether the page may be sent compressed.</summary>
    public bool CompressPage => Flag("COMPRESS_PAGE", "true");

    private bool Flag(string name, string otherwise) => Optional(name, otherwise) switch
    {
        "true" => true,
        "false" => false,
        var other => throw new InvalidDataException($"{name} is {other}; it is true or false"),
    };

    private int Days(string name, string otherwise, int least = 1) => Number(name, otherwise, least, 400, "days");

    private int Number(string name, string otherwise, int least, int most, string? unit) =>
        int.TryParse(Optional(name, otherwise), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            && number <= most
            ? number
            : throw new InvalidDataException(
                $"{name} is {variable(name)}; it is a number{(unit is null ? "" : " of " + unit)} from {least} to {most}");

    private string Optional(string name, string otherwise) => variable(name) is { Length: > 0 } value ? value : otherwise;

    private string Required(string name) => variable(name) is { Length: > 0 } value
        ? value : throw new InvalidDataException($"the environment variable {name} is missing; template.yaml sets it");
}
