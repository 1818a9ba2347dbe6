using System.Text.RegularExpressions;

namespace Collector.Tests.Fleet.Scale;

/// <summary>docs/cost.md: its text is written by hand; its tables are computed and placed between markers.</summary>
internal sealed partial class CostPage
{
    public const string Path = "docs/cost.md";

    private readonly Dictionary<string, Func<string>> tables;

    public CostPage(Figures figures, string template)
    {
        var (from, costs, scale) = (new FigureTables(figures), new CostTables(figures, template), new ScaleTables(figures));
        tables = new(StringComparer.Ordinal)
        {
            ["million-events"] = costs.MillionEvents,
            ["million-calls"] = costs.MillionCalls,
            ["goal"] = costs.Goal,
            ["parts"] = costs.Parts,
            ["idle"] = costs.Idle,
            ["processors"] = costs.Processors,
            ["memory"] = costs.Memory,
            ["anchor"] = costs.Anchor,
            ["steps"] = scale.StepsOfScale,
            ["fleet-day"] = scale.FleetDay,
            ["fleet-cost"] = scale.FleetCost,
            ["gateways"] = scale.Gateways,
            ["windows"] = scale.Windows,
            ["capacity"] = scale.Capacity,
            ["prices"] = from.Prices,
            ["units"] = from.Measured,
            ["durations"] = from.Durations,
            ["assumptions"] = from.Assumptions,
            ["limits"] = from.Limits,
            ["fleet"] = from.Fleet,
        };
    }

    /// <summary>The names of all tables.</summary>
    public IReadOnlyCollection<string> Names => tables.Keys;

    public static CostPage Of(string root) => new(Figures.Read(root), File.ReadAllText(System.IO.Path.Combine(root, "template.yaml")));

    /// <summary>The page with its tables computed again.</summary>
    public string Fresh(string page) => Table().Replace(page, found =>
    {
        var name = found.Groups[1].Value;
        var table = tables.TryGetValue(name, out var compute) ? compute()
            : throw new InvalidOperationException($"{Path} has a table {name}, which nothing computes");
        return $"<!-- table: {name} -->\n{table}<!-- end -->";
    });

    [GeneratedRegex(@"<!-- table: ([a-z-]+) -->\n(?:.*?)<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Table();
}
