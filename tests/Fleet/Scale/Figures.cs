using System.Globalization;
using System.Text.Json.Nodes;

namespace Collector.Tests.Fleet.Scale;

/// <summary>figures.json: list prices, measured figures, assumptions and AWS's limits, each with its source.</summary>
internal sealed class Figures(JsonObject all)
{
    public const string Path = "tests/Fleet/Scale/figures.json";

    public static Figures Read(string root) => new(JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(root, Path)))!.AsObject());

    public string Region => all["region"]!.GetValue<string>();

    /// <summary>The entries of a part, in the order of the file.</summary>
    public IEnumerable<(string Name, JsonObject Entry)> Part(string part) =>
        all[part]!.AsObject().Select(entry => (entry.Key, entry.Value!.AsObject()));

    public double Price(string name) => Value("prices", name);

    public double Assumed(string name) => Value("assumptions", name);

    public double Limit(string name) => Value("limits", name);

    /// <summary>A measured figure that does not depend on tier, batch and rate.</summary>
    public double Measured(string name) => Value("measured", name);

    /// <summary>A measured figure of a tier's request.</summary>
    public double Measured(string what, string tier, int batch, int rate) => Of(all["requests"]!, what, tier, batch, rate);

    /// <summary>The same for any rate: the figure at the largest measured rate up to this one.</summary>
    public double At(string what, Tier tier, int batch, double rate) =>
        Measured(
            what, tier.Name, batch,
            Tier.MeasuredRates.Where(measured => measured <= rate).DefaultIfEmpty(Tier.MeasuredRates[0]).Max());

    private double Value(string part, string name) => Number(all[part]![name]?["value"], part + "." + name);

    private static double Of(JsonNode from, string what, string tier, int batch, int rate)
    {
        var (size, second) = (batch.ToString(CultureInfo.InvariantCulture), rate.ToString(CultureInfo.InvariantCulture));
        return Number(from[what]?[tier]?[size]?[second], string.Join('.', what, tier, size, second));
    }

    private static double Number(JsonNode? node, string name) =>
        node?.GetValue<double>() ?? throw new InvalidOperationException($"{Path} has no {name}");
}
