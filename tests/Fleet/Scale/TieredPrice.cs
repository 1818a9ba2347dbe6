namespace Collector.Tests.Fleet.Scale;

/// <summary>A price per million that falls with what is used in a month.</summary>
/// <param name="steps">Up to how many millions each price holds, in order; the last without end.</param>
internal sealed class TieredPrice(params IReadOnlyList<(double UpToMillions, double Dollars)> steps)
{
    public static TieredPrice Rest(Figures figures) => new(
        (333, figures.Price("rest1")), (1_000, figures.Price("rest2")), (20_000, figures.Price("rest3")),
        (double.PositiveInfinity, figures.Price("rest4")));

    public static TieredPrice Http(Figures figures) => new(
        (300, figures.Price("http1")), (double.PositiveInfinity, figures.Price("http2")));

    /// <summary>A function URL: nothing but the invocation, which every way costs.</summary>
    public static TieredPrice FunctionUrl { get; } = new((double.PositiveInfinity, 0));

    /// <summary>What so many millions a month cost.</summary>
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
