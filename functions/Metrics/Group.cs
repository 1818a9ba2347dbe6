using System.Globalization;

namespace Collector.Metrics;

/// <summary>
/// The groups of counter items of a day: <c>&lt;part&gt;#&lt;counter shard&gt;</c>, or with a bucket
/// <c>&lt;part&gt;~h&lt;bucket&gt;#&lt;shard&gt;</c>. The only purpose of the shard is that Aggregators of different stream
/// shards write different items.
/// </summary>
internal static class Group
{
    /// <summary>Marks the overflow item, which takes the increments for which a full item has no room.</summary>
    public const string OverflowMark = "~full";

    public static string Of(string part, int shard) => string.Create(CultureInfo.InvariantCulture, $"{part}#{shard}");

    public static string Of(string part, int bucket, int shard) => string.Create(CultureInfo.InvariantCulture, $"{part}~h{bucket}#{shard}");

    /// <summary>The part in a group, without bucket and shard.</summary>
    public static string PartOf(string group)
    {
        var part = Unsharded(group);
        return part.IndexOf('~', StringComparison.Ordinal) is >= 0 and var bucket ? part[..bucket] : part;
    }

    /// <summary>A group without its shard.</summary>
    public static string Unsharded(string group) => group.LastIndexOf('#') is >= 0 and var end ? group[..end] : group;

    /// <summary>The group of the overflow item of this group's item.</summary>
    public static string Overflow(string group) =>
        group.LastIndexOf('#') is >= 0 and var end ? group[..end] + OverflowMark + group[end..] : group + OverflowMark;

    /// <summary>Whether a group belongs to an overflow item.</summary>
    public static bool IsOverflow(string group) => Unsharded(group).EndsWith(OverflowMark, StringComparison.Ordinal);

    /// <summary>
    /// The bucket of a name: FNV-1a of its UTF-16 units. It is part of counter keys, so it must never change and may
    /// depend only on the name.
    /// </summary>
    public static int Bucket(string name, int buckets)
    {
        var hash = 2166136261u;
        foreach (var unit in name) hash = unchecked((hash ^ unit) * 16777619u);
        return (int)((hash >> 8) % (uint)buckets);
    }
}
