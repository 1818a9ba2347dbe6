using System.Globalization;

namespace Collector.Tests.Integration.Ownership;

/// <summary>Checks that the tests of deletion share.</summary>
internal static class DeletionChecks
{
    public static async Task<long> Stored(Bench bench, string session, int calls, int serial) =>
        (long)(await bench.Json(bench.Calls(session, calls, serial)))["stored"]!;

    /// <summary>
    /// Searches every item of every table for the credential and its sessions, except for activations and a session that started later.
    /// </summary>
    public static async Task NothingLeft(Bench bench, string? token, string[] sessions, string? except)
    {
        var traces = sessions.Concat(token is null ? [] : [bench.Fingerprints.Credential(token), token]).ToArray();
        foreach (var table in new[] { "sessions", "calls", "anonymous", "counters" })
        {
            foreach (var item in await bench.Scan(table))
            {
                if (table == "counters" && item["metric"].S.StartsWith("activations#", StringComparison.Ordinal)) continue;
                var text = Bench.Text(item);
                if (except is not null && text.Contains(except, StringComparison.Ordinal)) continue;
                Assert.DoesNotContain(traces, trace => text.Contains(trace, StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    public static string Id(int group, int number) => string.Create(CultureInfo.InvariantCulture,
        $"{group:x8}-0000-4000-8000-{number:x12}");
}
