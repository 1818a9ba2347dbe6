namespace Collector.Benchmarks.Comparison;

/// <summary>What one unit costs while something grows tenfold, twice.</summary>
/// <param name="What">What grows.</param>
/// <param name="Unit">What is counted of the cost.</param>
/// <param name="Points">How much of it there was, and what a unit cost then.</param>
internal sealed record GrowthSeries(string What, string Unit, IReadOnlyList<(int Size, double Cost)> Points)
{
    /// <summary>A cost against that at the smallest size.</summary>
    public double Relative(int point) => Points[point].Cost / Points[0].Cost;
}
