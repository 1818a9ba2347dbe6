namespace Collector.Rollup;

/// <summary>What a run of the <see cref="RollupJob"/> has done: days whose machines it counted, months of a kind that it folded, how many
/// of both are left, and how many months are too large to be folded.</summary>
internal readonly record struct RollupResult(int Days, int Months, int Left, int TooLarge = 0);
