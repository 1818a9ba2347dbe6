using System.Globalization;
using System.IO.Compression;

namespace Collector.Storage;

/// <summary>
/// A metric's counters of a whole month, day by day, packed. The day items hold each number as an attribute for each day and
/// counter shard, and reading a year of them means reading a million attributes. All shards of a group are added up, and the
/// group's name then ends in <c>#</c>.
/// </summary>
/// <param name="most">The most numbers to hold, one for each group and attribute.</param>
internal sealed class MonthRollup(DateOnly month, int most = Limits.RollupNumbers)
{
    /// <summary>
    /// An item may have 400 KB. The content is split before it is compressed, so that a part fits however badly it compresses.
    /// </summary>
    private const int MaxChunk = 380 * 1024;

    private readonly int first = month.DayNumber;
    private readonly Dictionary<(string Group, string Attribute), long[]> numbers = [];

    /// <summary>Whether there were more numbers than may be held; those that are held are then incomplete and useless.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>The first day of the month.</summary>
    public DateOnly Month => month;

    /// <summary>The key of a part of a metric's packed month. When the first part exists, all parts exist.</summary>
    public static CounterKey KeyOf(string kind, DateOnly month, int part = 0) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{kind}#{month:yyyy-MM}"), part.ToString(CultureInfo.InvariantCulture));

    public void Add(string group, string attribute, DayCount count)
    {
        var key = (group[..(group.LastIndexOf('#') + 1)], attribute);
        if (!numbers.TryGetValue(key, out var days))
        {
            IsTooLarge |= numbers.Count == most;
            if (IsTooLarge) return;
            numbers.Add(key, days = new long[31]);
        }

        days[count.Day - first] += count.Number;
    }

    /// <summary>
    /// The content, in as many parts as items are needed, at least one. Each entry has the group, the attribute and the number of days, and
    /// for each day its place in the month and its number. The same numbers always give the same bytes.
    /// </summary>
    public IReadOnlyList<byte[]> Pack()
    {
        var chunks = new List<byte[]>();
        var plain = new MemoryStream();
        var writer = new BinaryWriter(plain);
        foreach (var key in Sorted())
        {
            var (group, attribute) = key;
            var days = numbers[key];
            writer.Write(group);
            writer.Write(attribute);
            writer.Write7BitEncodedInt(days.Count(number => number != 0));
            for (var day = 0; day < days.Length; day++)
            {
                if (days[day] == 0) continue;
                writer.Write7BitEncodedInt(day);
                writer.Write7BitEncodedInt64(days[day]);
            }

            if (plain.Length < MaxChunk - 1024) continue;
            chunks.Add(Compress(plain));
            plain.SetLength(0);
        }

        if (chunks.Count == 0 || plain.Length > 0) chunks.Add(Compress(plain));
        return chunks;
    }

    /// <summary>
    /// Passes each entry of a packed part to the sink. Throws <see cref="InvalidDataException"/> or
    /// <see cref="EndOfStreamException"/> for anything else.
    /// </summary>
    public static void Unpack(Stream packed, DateOnly month, CounterSink sink)
    {
        var plain = new MemoryStream(MaxChunk);
        using (var gzip = new GZipStream(packed, CompressionMode.Decompress)) gzip.CopyTo(plain);
        plain.Position = 0;
        using var reader = new BinaryReader(plain);
        Span<DayCount> counts = stackalloc DayCount[31];
        while (plain.Position < plain.Length)
        {
            var group = reader.ReadString();
            var attribute = reader.ReadString();
            var days = reader.Read7BitEncodedInt();
            for (var i = 0; i < days; i++) counts[i] = new DayCount(
                month.DayNumber + reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64());
            sink(group, attribute, counts[..days]);
        }
    }

    private List<(string Group, string Attribute)> Sorted()
    {
        var keys = numbers.Keys.ToList();
        keys.Sort((a, b) => string.CompareOrdinal(a.Group, b.Group) is not 0 and var order
            ? order : string.CompareOrdinal(a.Attribute, b.Attribute));
        return keys;
    }

    private static byte[] Compress(MemoryStream plain)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(
            plain.GetBuffer(), 0, (int)plain.Length);
        return packed.ToArray();
    }
}
