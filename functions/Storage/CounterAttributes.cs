using System.Globalization;

namespace Collector.Storage;

/// <summary>The names of the numbers in counter items, made and read in this one place. Parts are parted by <c>#</c>, which no part holds.</summary>
internal static class CounterAttributes
{
    public const string Invocations = "invocations";
    public const string Uses = "uses";
    public const string Sessions = "sessions";
    public const string Active = "active";
    public const string Machines = "machines";
    public const string MachinesKnown = "known";
    public const string Calls = "calls";
    public const string Failed = "failed";
    public const string Received = "received";
    public const string Stored = "stored";
    public const string Ci = "ci";
    public const string Other = "other";
    public const string Unreadable = "unreadable";

    /// <summary>The only number that is set, not added: milliseconds since 1970. A session's records come in order, so it only grows.</summary>
    public const string LastSeen = "last_seen_at";

    public const string DroppedPrefix = "dropped#";
    public const string StrippedPrefix = "stripped#";
    public const string ServicePrefix = "service#";
    public const string CallPrefix = "call#";
    public const string UserAgentPrefix = "user_agent#";
    public const string RegionPrefix = "region#";
    public const string MinutePrefix = "minute#";
    public const string FailedMinutePrefix = "failed_minute#";
    public const string SumPrefix = "sum#";
    public const string HistogramPrefix = "histogram#";

    public static string Request(string operation, int status) => string.Create(CultureInfo.InvariantCulture, $"{operation}#{status}");

    public static (string Operation, int Status) ParseRequest(string attribute)
    {
        var hash = attribute.IndexOf('#', StringComparison.Ordinal);
        return (attribute[..hash], int.Parse(attribute.AsSpan(hash + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    public static string Call(string service, string operation, int status) =>
        string.Create(CultureInfo.InvariantCulture, $"{CallPrefix}{service}#{operation}#{status}");

    /// <summary>What <see cref="Call"/> named, from behind its prefix.</summary>
    public static (string Service, string Operation, int Status) ParseCall(string call)
    {
        var hash = call.IndexOf('#', StringComparison.Ordinal);
        var (operation, status) = ParseRequest(call[(hash + 1)..]);
        return (call[..hash], operation, status);
    }

    public static string Number(string prefix, long number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");

    public static string Histogram(string sum, long powerOfTwo) => string.Create(CultureInfo.InvariantCulture, $"{HistogramPrefix}{sum}#{powerOfTwo}");
}
