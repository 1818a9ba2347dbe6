using System.Text.Json;

namespace Collector.Policy;

/// <summary>Helpers for reading JSON from clients.</summary>
internal static class RawJson
{
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = Limits.JsonDepth };

    /// <summary>
    /// Whether the reader's current name can be compared. Comparing a name with half of a surrogate pair throws, and no rule has such a
    /// name.
    /// </summary>
    public static bool IsReadable(ref Utf8JsonReader name) => !name.ValueIsEscaped || !MayHoldHalves(name.ValueSpan);

    /// <summary>Whether the reader's current name is <paramref name="name"/>.</summary>
    public static bool Is(ReadOnlySpan<byte> name, ref Utf8JsonReader member) => IsReadable(ref member) && member.ValueTextEquals(name);

    /// <summary>
    /// Whether the escapes may include halves of surrogate pairs (D800 to DFFF). A name without them can be compared without an exception.
    /// </summary>
    public static bool MayHoldHalves(ReadOnlySpan<byte> json)
    {
        // Most names contain no escape; a search for one character shows this fastest.
        var at = json.IndexOf((byte)'\\');
        while (at >= 0)
        {
            json = json[at..];
            if (json is [_, (byte)'u', (byte)'d' or (byte)'D', ..]) return true;
            json = json[1..];
            at = json.IndexOf("\\u"u8);
        }

        return false;
    }
}
