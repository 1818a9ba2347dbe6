namespace Collector.Storage;

/// <summary>A number of one day; <paramref name="Day"/> is a <see cref="DateOnly.DayNumber"/>.</summary>
internal readonly record struct DayCount(int Day, long Number);
