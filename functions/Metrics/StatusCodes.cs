using System.Collections.Frozen;
using System.Globalization;

namespace Collector.Metrics;

/// <summary>
/// The status codes that are counted by name: those of the IANA HTTP Status Code Registry
/// (https://www.iana.org/assignments/http-status-codes). Any other code is counted by its class, so that the number of names is limited.
/// </summary>
internal static class StatusCodes
{
    /// <summary>The registered codes, without unassigned, unused and temporary ones.</summary>
    public static FrozenSet<int> Registered { get; } = FrozenSet.ToFrozenSet(
    [
        100, 101, 102, 103,
        200, 201, 202, 203, 204, 205, 206, 207, 208, 226,
        300, 301, 302, 303, 304, 305, 307, 308,
        400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423, 424, 425, 426, 428, 429,
        431, 451,
        500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
    ]);

    /// <summary>Every name under which a code can be counted.</summary>
    public static IEnumerable<string> Names => Registered.Select(Name).Concat(["1xx", "2xx", "3xx", "4xx", "5xx"]);

    /// <summary>The name under which a code is counted: itself (<c>404</c>) or its class (<c>4xx</c>).</summary>
    public static string Name(int code) => Registered.Contains(code)
        ? code.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(code / 100, 1, 5)}xx");

    /// <summary>Whether calls with this code, or class of codes, failed.</summary>
    public static bool IsError(string name) => name[0] >= '4';
}
