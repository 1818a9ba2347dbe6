using System.IO.Compression;
using System.Text;

namespace Collector.Tests;

/// <summary>The bytes of an attribute: packed text or something else.</summary>
internal static class PackedContent
{
    /// <summary>
    /// The text, or null when the bytes are not packed text. Four bytes are checked: the two of gzip's magic number, its method and no
    /// flags. Two bytes alone would also match one in 65,536 sealed values.
    /// </summary>
    public static string? Text(byte[] bytes)
    {
        if (bytes is not [0x1f, 0x8b, 8, 0, ..]) return null;
        using var reader = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
