using System.Text.Json.Nodes;

namespace Collector.Tests.Fleet.Scale;

/// <summary>The tables of docs/cost.md with the figures behind the computation.</summary>
internal sealed class FigureTables(Figures figures)
{
    public string Prices() => List("prices", "price", "dollars");

    public string Measured()
    {
        var table = new MarkdownTable(1, ["write units of a request with", .. Tier.Batches.Select(batch => $"{batch} events")]);
        foreach (var tier in Tier.All)
        {
            foreach (var rate in Tier.MeasuredRates)
            {
                table.Row([$"{tier.Title}, {rate} per second{(rate == Tier.OneByOne ? " and more" : "")}", .. Tier.Batches.Select(batch =>
                    MarkdownTable.Number(figures.Measured("writeUnits", tier.Name, batch, rate), 2))]);
            }
        }

        return table.ToString();
    }

    public string Durations() => List("measured", "figure", "value");

    public string Assumptions() => List("assumptions", "figure", "value");

    public string Limits() => List("limits", "limit", "value");

    public string Fleet() => List("fleet", "figure", "value");

    private string List(string part, string name, string value)
    {
        var table = new MarkdownTable(4, name, "unit", "source", "date", value);
        foreach (var (_, entry) in figures.Part(part)) table.Row(
            Text(entry, "what"), Text(entry, "unit"), Text(entry, "source"), Text(entry, "date"),
            MarkdownTable.Text(entry["value"]!.GetValue<double>()));
        return table.ToString();
    }

    private static string Text(JsonObject entry, string member) => entry[member]!.GetValue<string>();
}
