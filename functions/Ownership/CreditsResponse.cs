using System.Text.Json.Serialization;

namespace Collector.Ownership;

/// <summary>A credential's licence activations in a month. The total is the sum of the days, and also of CI and other.</summary>
internal sealed record CreditsResponse(string Month, long Total, long Ci, long Other, IReadOnlyList<CreditsDay> Days)
{
    public static CreditsResponse Of(string month, IReadOnlyList<CreditsDay> days)
    {
        var ci = days.Sum(day => day.Ci);
        var other = days.Sum(day => day.Other);
        return new CreditsResponse(month, ci + other, ci, other, days);
    }
}

/// <summary>The activations of one day, UTC, by the server's clock.</summary>
internal sealed record CreditsDay(string Day, long Ci, long Other);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CreditsResponse))]
internal sealed partial class CreditsJson : JsonSerializerContext;
