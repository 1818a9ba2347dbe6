namespace Collector.Tests;

/// <summary>A function's environment in a test.</summary>
internal static class TestSettings
{
    public const string OperatorKey = "the operator's key";

    public const string FingerprintSecret = "a secret for tests of 32 characters or more";

    /// <summary>
    /// Settings with tables named <c>sessions</c>, <c>calls</c>, <c>anonymous</c>, <c>counters</c> and <c>activations</c>, after an
    /// optional prefix.
    /// </summary>
    /// <param name="handler">The function, as <c>_HANDLER</c> names it.</param>
    /// <param name="tablePrefix">The prefix of the table names.</param>
    /// <param name="others">More variables, or other values.</param>
    public static Settings Of(string handler, string tablePrefix = "", IReadOnlyDictionary<string, string>? others = null) => new(name =>
        others?.TryGetValue(name, out var value) == true ? value : name switch
        {
            "_HANDLER" => handler,
            "SESSIONS_TABLE" => tablePrefix + "sessions",
            "CALLS_TABLE" => tablePrefix + "calls",
            "ANONYMOUS_TABLE" => tablePrefix + "anonymous",
            "COUNTERS_TABLE" => tablePrefix + "counters",
            "ACTIVATIONS_TABLE" => tablePrefix + "activations",
            "FINGERPRINT_SECRET" => FingerprintSecret,
            "OPERATOR_KEY" => OperatorKey,
            "METRICS_NAMESPACE" => "usage-collector/tests",
            _ => null,
        });
}
