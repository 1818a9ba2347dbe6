using System.IO.Compression;
using System.Text;

namespace Collector.Tests;

/// <summary>Bytes of an attribute, which hold packed text or something else.</summary>
internal static class PackedContent
{
    /// <summary>
    /// The text, or null when the bytes are no packed text. The four bytes are gzip's mark, its method and no flags: two alone begin one in
    /// 65,536 sealed values too.
    /// </summary>
    public static string? Text(byte[] bytes)
    {
        if (bytes is not [0x1f, 0x8b, 8, 0, ..]) return null;
        using var reader = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
