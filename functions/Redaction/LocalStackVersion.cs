using System.Text.RegularExpressions;

namespace Collector.Redaction;

/// <summary>
/// The LocalStack version of a session. Docker images since 1.0.0 send <c>VERSION:githash</c>, and builds from a working copy
/// <c>VERSION+hash.date</c>; the version is kept and the hash removed. Versions up to 0.14 may have four numbers, later ones at most three,
/// because four numbers may be an IP address.
/// </summary>
internal static partial class LocalStackVersion
{
    /// <summary>The version without its hash (<c>2026.3.1.dev7</c>); null if the text is not a version.</summary>
    public static string? Clean(ReadOnlySpan<char> version)
    {
        version = version.Trim();
        var hash = version.IndexOfAny(':', '+');
        if (hash >= 0) version = version[..hash];
        return Shape().IsMatch(version) ? version.ToString() : null;
    }

    [GeneratedRegex(
        @"^(?:0(?:\.[0-9]{1,3}){3}|[0-9]{1,4}(?:\.[0-9]{1,3}){1,2})(?:[.-]?(?:dev|alpha|beta|post|a|b|rc)\.?[0-9]{0,5})?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
