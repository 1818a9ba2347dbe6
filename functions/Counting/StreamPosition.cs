namespace Collector.Counting;

/// <summary>
/// A record's position in its stream shard: the sequence number, a decimal string of up to 40 digits, padded with zeros so that
/// text order is numeric order.
/// </summary>
internal readonly record struct StreamPosition(string Padded) : IComparable<StreamPosition>
{
    public const int Digits = 40;

    /// <summary>The position before every record.</summary>
    public static StreamPosition Start { get; } = Of("0");

    public static StreamPosition Of(string sequenceNumber) => sequenceNumber.Length <= Digits
        ? new(sequenceNumber.PadLeft(Digits, '0')) : throw new ArgumentException(
            "a sequence number has at most 40 digits", nameof(sequenceNumber));

    public int CompareTo(StreamPosition other) => string.CompareOrdinal(Padded, other.Padded);

    public static bool operator <(StreamPosition left, StreamPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(StreamPosition left, StreamPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(StreamPosition left, StreamPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(StreamPosition left, StreamPosition right) => left.CompareTo(right) >= 0;
}
