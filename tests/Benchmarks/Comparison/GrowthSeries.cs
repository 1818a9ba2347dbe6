namespace Collector.Benchmarks.Comparison;

/// <summary>The cost of one unit while something grows tenfold, twice.</summary>
/// <param name="What">The growing quantity.</param>
/// <param name="Unit">The unit of the cost.</param>
/// <param name="Points">The sizes, each with the cost of one unit.</param>
internal sealed record GrowthSeries(string What, string Unit, IReadOnlyList<(int Size, double Cost)> Points)
{
    /// <summary>A cost relative to that at the smallest size.</summary>
    public double Relative(int point) => Points[point].Cost / Points[0].Cost;
}
