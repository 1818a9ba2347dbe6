namespace Collector.Storage;

/// <summary>
/// A part of a session's log, both ends included. A receipt is <c>&lt;the client's time&gt;#&lt;hash&gt;</c>, or <c>0#…</c> when
/// the client sent no time.
/// </summary>
internal sealed record ReceiptRange(string Low, string High)
{
    /// <summary>Every receipt begins with a digit; a colon is the character after 9.</summary>
    public static ReceiptRange All { get; } = new("0", ":");

    public ReceiptRange UpTo(string receipt) => string.CompareOrdinal(receipt, High) < 0 ? this with { High = receipt } : this;

    public ReceiptRange From(string receipt) => string.CompareOrdinal(receipt, Low) > 0 ? this with { Low = receipt } : this;
}
