namespace Collector.Tests.Fleet.Scale;

/// <summary>A price per million that falls with the monthly use.</summary>
/// <param name="steps">The prices in order, each with its upper limit in millions; the last one is unlimited.</param>
internal sealed class TieredPrice(params IReadOnlyList<(double UpToMillions, double Dollars)> steps)
{
    public static TieredPrice Rest(Figures figures) => new(
        (333, figures.Price("rest1")), (1_000, figures.Price("rest2")), (20_000, figures.Price("rest3")),
        (double.PositiveInfinity, figures.Price("rest4")));

    public static TieredPrice Http(Figures figures) => new(
        (300, figures.Price("http1")), (double.PositiveInfinity, figures.Price("http2")));

    /// <summary>A function URL: no cost beyond the invocation, which every alternative has too.</summary>
    public static TieredPrice FunctionUrl { get; } = new((double.PositiveInfinity, 0));

    /// <summary>The cost of this many millions per month.</summary>
    public double Month(double millions)
    {
        var dollars = 0.0;
        var from = 0.0;
        foreach (var (upTo, price) in steps)
        {
            dollars += Math.Max(0, Math.Min(millions, upTo) - from) * price;
            from = upTo;
        }

        return dollars;
    }
}
