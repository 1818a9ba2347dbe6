using System.Globalization;
using System.Text;

namespace Collector.Tests.Fleet.Scale;

/// <summary>A table for docs/cost.md: the first columns are texts, the others numbers.</summary>
internal sealed class MarkdownTable
{
    private readonly StringBuilder text = new();

    /// <param name="texts">The number of text columns.</param>
    public MarkdownTable(int texts, params IReadOnlyList<string> titles)
    {
        Row(titles);
        Row([.. titles.Select((_, i) => i < texts ? "---" : "---:")]);
    }

    public MarkdownTable Row(params IReadOnlyList<string> cells)
    {
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        return this;
    }

    public override string ToString() => text.ToString();

    /// <summary>Dollars with two decimals, or three below one dollar.</summary>
    public static string Dollars(double dollars) => Number(dollars, Math.Abs(dollars) switch { >= 1000 => 0, >= 1 => 2, _ => 3 });

    public static string Number(double number, int digits = 0) =>
        number.ToString("N" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    public static string Text(double number) => number.ToString("#,0.###########", CultureInfo.InvariantCulture);
}
