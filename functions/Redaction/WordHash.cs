using System.Runtime.InteropServices;

namespace Collector.Redaction;

/// <summary>A hash of a word over its first and last eight bytes and its length. Few words differ only in the middle.</summary>
internal static class WordHash
{
    /// <summary>The hash with this number of bits.</summary>
    public static int Of(ReadOnlySpan<byte> word, int bits)
    {
        ulong first, last;
        if (word.Length >= sizeof(ulong))
            (first, last) = (MemoryMarshal.Read<ulong>(word), MemoryMarshal.Read<ulong>(word[^sizeof(ulong)..]));
        else if (word.Length >= sizeof(uint))
            (first, last) = (MemoryMarshal.Read<uint>(word), MemoryMarshal.Read<uint>(word[^sizeof(uint)..]));
        else if (word.Length > 0)
            (first, last) = (word[0], ((uint)word[word.Length / 2] << 8) | word[^1]);
        else
            return 0;
        var mixed = ((first ^ (ulong)word.Length) * 0x9E3779B97F4A7C15) ^ (last * 0xC2B2AE3D27D4EB4F);
        mixed ^= mixed >> 29;
        return (int)((mixed * 0x9E3779B97F4A7C15) >> (64 - bits));
    }
}
