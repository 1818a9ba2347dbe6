namespace Collector.Folding;

/// <summary>What a run of the <see cref="Folder"/> has done: days whose machines it counted, months of a kind that it folded, and how many of both are left.</summary>
internal readonly record struct Folded(int Days, int Months, int Left);
