using System.Text.Json;
using System.Text.Json.Serialization;

namespace Collector.Usage;

/// <summary>
/// The public summary of a month. Shares are between 0 and 1, rounded to two significant digits, largest first. A cell with fewer calls,
/// sessions or uses than <c>Minimum</c> is left out. <c>Months</c> are those that have a summary, newest first; if there are none,
/// <c>Month</c> is missing.
/// </summary>
internal sealed record SummaryResponse(
    string? Month,
    IReadOnlyList<string> Months,
    int Minimum,
    IReadOnlyList<ServiceShare> Services,
    IReadOnlyList<OperationShare> Operations,
    IReadOnlyList<VersionShare> Versions,
    IReadOnlyList<FeatureShare> Features);

/// <summary>A service's share of all calls.</summary>
internal sealed record ServiceShare(string Service, double Share);

/// <summary>An operation's share of all calls.</summary>
internal sealed record OperationShare(string Service, string Operation, double Share);

/// <summary>A version's share of the sessions that started in the month and reported their version.</summary>
internal sealed record VersionShare(string Version, double Share);

/// <summary>A feature's share of all uses of features.</summary>
internal sealed record FeatureShare(string Feature, double Share);

/// <summary>The shares of a month.</summary>
internal sealed record SummaryShares(
    IReadOnlyList<ServiceShare> Services,
    IReadOnlyList<OperationShare> Operations,
    IReadOnlyList<VersionShare> Versions,
    IReadOnlyList<FeatureShare> Features)
{
    public static SummaryShares None { get; } = new([], [], [], []);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SummaryResponse))]
internal sealed partial class SummaryJson : JsonSerializerContext;
