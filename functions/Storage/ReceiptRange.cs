using System.Globalization;

namespace Collector.Storage;

/// <summary>
/// A part of a session's log, both ends included. A receipt is <c>&lt;the client's time&gt;#&lt;hash&gt;</c>, <c>0#…</c> where the client told no time.
/// </summary>
internal sealed record ReceiptRange(string Low, string High)
{
    /// <summary>
    /// What an item's two times may be further apart than those of the session's first and last: a clock that was set, a change to summer time and back,
    /// a client that slept with calls unsent.
    /// </summary>
    public static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <summary>Every receipt begins with a digit; a colon is what comes behind nine.</summary>
    public static ReceiptRange All { get; } = new("0", ":");

    /// <summary>Items whose client told no time.</summary>
    public static ReceiptRange Undated { get; } = new("0#", "0#~");

    /// <summary>Items whose client did.</summary>
    public static ReceiptRange Dated { get; } = new("0$", ":");

    public bool IsEmpty => string.CompareOrdinal(Low, High) > 0;

    /// <summary>Items that the server got between two times, and some beyond; the server's clock is ahead of the client's by so much.</summary>
    public static ReceiptRange Around(DateTimeOffset? from, DateTimeOffset? to, TimeSpan leastAhead, TimeSpan mostAhead) => new(
        from is { } start ? Time(start, -mostAhead - Margin) : Dated.Low,
        to is { } end ? Time(end, -leastAhead + Margin) + "~" : Dated.High);

    public ReceiptRange UpTo(string receipt) => string.CompareOrdinal(receipt, High) < 0 ? this with { High = receipt } : this;

    public ReceiptRange From(string receipt) => string.CompareOrdinal(receipt, Low) > 0 ? this with { Low = receipt } : this;

    /// <summary>The client's time in a receipt; null when there is none that is a time.</summary>
    public static DateTimeOffset? ClientTime(string receipt) =>
        DateTimeOffset.TryParseExact(
            receipt.Split('#')[0], "yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string Time(DateTimeOffset time, TimeSpan shift)
    {
        var ticks = Math.Clamp(time.UtcTicks + shift.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
