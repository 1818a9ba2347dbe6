using System.Globalization;

namespace Collector.Tests.Fleet.Truth;

/// <summary>The names of rows in the comparison of the truth with the usage API: the report, then the row's own name.</summary>
internal static class Row
{
    public const string Received = "ledger received";
    public const string Stored = "ledger stored";
    public const string Unreadable = "ledger unreadable";

    private const string ProSessions = "requests pro_sessions ";

    public static string Calls(string service, string operation, int status) => Name($"requests {service} {operation} {status}");

    /// <summary>Pro sessions that called a service.</summary>
    public static string CallingSessions(string service) => ProSessions + service;

    /// <summary>Whether the row counts only when the session's registration was stored.</summary>
    public static bool NeedsRegistration(string row) => row.StartsWith(ProSessions, StringComparison.Ordinal);

    public static string Invocations(string command, IEnumerable<string> parameters) => $"cli {command} [{string.Join(',', parameters)}]";

    public static string Uses(string feature, string labels) => $"features {feature} {labels} uses";

    public static string Sum(string feature, string labels, string sum) => $"features {feature} {labels} sum {sum}";

    public static string Histogram(string feature, string labels, string sum, long powerOfTwo) =>
        Name($"features {feature} {labels} histogram {sum} {powerOfTwo}");

    /// <summary>Sessions by <c>sessions</c> (all), <c>ci</c>, <c>docker</c>, <c>pro</c>, or by version or system.</summary>
    public static string Sessions(string part, string? value = null) => value is null ? "sessions " + part : $"sessions {part} {value}";

    /// <summary>A credential's activations of the month, <c>ci</c> or <c>other</c>.</summary>
    public static string Credits(string token, string part) => $"credits {token} {part}";

    public static string Dropped(string reason) => "ledger dropped " + reason;

    public static string Stripped(string field) => "ledger stripped " + field;

    /// <summary>The report that a row belongs to.</summary>
    public static string ReportOf(string row) => row[..row.IndexOf(' ', StringComparison.Ordinal)];

    private static string Name(FormattableString name) => name.ToString(CultureInfo.InvariantCulture);
}
