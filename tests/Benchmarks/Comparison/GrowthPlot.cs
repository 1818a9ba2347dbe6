using System.Globalization;
using System.Text;

namespace Collector.Benchmarks.Comparison;

/// <summary>Draws one line per series: cost over size, both relative to the first. SVG, readable on light and dark pages.</summary>
internal static class GrowthPlot
{
    private const int Left = 56;
    private const int Top = 24;
    private const int Width = 420;
    private const int Height = 200;
    private static readonly string[] Colours = ["#3b7dd8", "#d9822b", "#2e9e6b", "#b5529c", "#7a7a7a"];

    public static string Draw(IReadOnlyList<GrowthSeries> all)
    {
        var most = Math.Max(2, Math.Ceiling(all.Max(series => Enumerable.Range(0, series.Points.Count).Max(series.Relative))));
        var svg = new StringBuilder();
        svg.Append(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 700 {Top + Height + 48}\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n");
        svg.Append("<title>Cost of one event while another quantity grows a hundredfold</title>\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        for (var times = 0; times <= most; times++)
        {
            Text(svg, Left - 8, Y(times, most) + 4, "end", $"{times} ×");
            Line(svg, [(Left, Y(times, most)), (Left + Width, Y(times, most))], "#ddd", 1);
        }

        for (var i = 0; i < 3; i++) Text(svg, X(i), Top + Height + 20, "middle", i == 0 ? "smallest" : $"{Math.Pow(10, i)} times");
        Text(svg, Left, Top - 8, "start", "processor time of one event, relative to the smallest size");
        // Names are placed beside the ends of their lines, and moved apart where lines end close together.
        var lowest = double.MaxValue;
        foreach (var (series, place) in all.Select((series, place) => (series, place))
            .OrderBy(one => one.series.Relative(one.series.Points.Count - 1)))
        {
            var points = series.Points.Select((_, i) => (X(i), Y(series.Relative(i), most))).ToArray();
            Line(svg, points, Colours[place % Colours.Length], 2.5);
            lowest = Math.Min(points[^1].Item2 + 4, lowest - 16);
            Text(svg, Left + Width + 10, lowest, "start", series.What, Colours[place % Colours.Length]);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static double X(int point) => Left + (point * Width / 2.0);

    private static double Y(double times, double most) => Top + Height - (times / most * Height);

    private static void Line(StringBuilder svg, (double X, double Y)[] points, string colour, double width) => svg.Append(
        CultureInfo.InvariantCulture,
        $"<polyline points=\"{string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:F1},{p.Y:F1}")))}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>\n");

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text, string colour = "#333") => svg.Append(
        CultureInfo.InvariantCulture, $"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{text}</text>\n");
}
