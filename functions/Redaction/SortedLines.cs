using System.Text;

namespace Collector.Redaction;

/// <summary>
/// An embedded list of lines, searched in place: ASCII, sorted by byte value (<c>LC_ALL=C sort -u</c>), each line ended by a line feed. A
/// lookup is a binary search over the bytes, so a cold start does not have to read 600 KB of catalog.
/// </summary>
internal sealed class SortedLines
{
    /// <summary>Longest key that can be looked up, in characters; no line of any list is longer.</summary>
    private const int MaxKey = 160;

    private readonly EmbeddedFile file;

    private SortedLines(EmbeddedFile file) => this.file = file;

    /// <summary>The whole list.</summary>
    public ReadOnlySpan<byte> Bytes => file.Bytes;

    /// <summary>The list embedded under this logical name (see Functions.csproj).</summary>
    /// <exception cref="InvalidOperationException">There is no such resource.</exception>
    public static SortedLines Embedded(string name) => new(EmbeddedFile.Open(name));

    /// <summary>A list from a stream. The stream is read completely unless its memory can be used in place.</summary>
    public static SortedLines From(Stream stream) => new(EmbeddedFile.From(stream));

    /// <summary>Whether the list contains exactly this line.</summary>
    public bool Contains(ReadOnlySpan<char> word)
    {
        Span<byte> key = stackalloc byte[MaxKey];
        return Key(word, key, out var size) && IsAt(Find(key[..size]), key[..size]);
    }

    /// <summary>The offset of the first line that does not sort before the key; the list's length if there is none.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        var all = Bytes;
        int low = 0, high = all.Length;
        while (low < high)
        {
            var middle = low + ((high - low) >> 1);
            var start = low + all[low..middle].LastIndexOf((byte)'\n') + 1;
            var end = start + all[start..].IndexOf((byte)'\n');
            if (all[start..end].SequenceCompareTo(key) < 0)
                low = end + 1;
            else
                high = start;
        }

        return low;
    }

    /// <summary>Whether the line at an offset is the key.</summary>
    public bool IsAt(int offset, ReadOnlySpan<byte> key)
    {
        var rest = Bytes[offset..];
        return rest.Length > key.Length && rest[key.Length] == (byte)'\n' && rest.StartsWith(key);
    }

    /// <summary>Writes a word's bytes to a buffer; false when it is empty, too long or not ASCII, and therefore in no list.</summary>
    public static bool Key(ReadOnlySpan<char> word, Span<byte> buffer, out int size)
    {
        size = 0;
        return word.Length > 0 && word.Length <= buffer.Length
            && Ascii.FromUtf16(word, buffer, out size) == System.Buffers.OperationStatus.Done;
    }
}
