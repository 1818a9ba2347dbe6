namespace Collector.Rollup;

/// <summary>
/// The result of a run of the <see cref="RollupJob"/>: how many days it closed, how many months of a metric it packed, how many of both are
/// left, and how many months are too large, or take too long, to be packed.
/// </summary>
internal readonly record struct RollupResult(int Days, int Months, int Left, int TooLarge = 0);
