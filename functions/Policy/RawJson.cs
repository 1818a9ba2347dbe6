using System.Text.Json;

namespace Collector.Policy;

/// <summary>How what clients send is read.</summary>
internal static class RawJson
{
    /// <summary>Deep nesting costs the reader a bit a level, and one deep event must not cost the others beside it their place.</summary>
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = 100_000 };

    /// <summary>
    /// Whether the name that the reader is on can be compared: comparing one with half of a surrogate pair throws, and no rule has a name
    /// with such an escape.
    /// </summary>
    public static bool IsReadable(ref Utf8JsonReader name) => !name.ValueIsEscaped || !MayHoldHalves(name.ValueSpan);

    /// <summary>Whether the name that the reader is on is this one.</summary>
    public static bool Is(ReadOnlySpan<byte> name, ref Utf8JsonReader member) => IsReadable(ref member) && member.ValueTextEquals(name);

    /// <summary>
    /// Whether halves of surrogate pairs, D800 to DFFF, may be among the escapes; what holds none is not an exception to compare.
    /// </summary>
    public static bool MayHoldHalves(ReadOnlySpan<byte> json)
    {
        // Most hold no escape at all, which one character tells fastest.
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
