using System.Runtime.InteropServices;

namespace Collector.Policy.Text;

/// <summary>A hash of a word over its first and last eight bytes and its length: the middle tells few words apart.</summary>
internal static class WordHash
{
    /// <summary>The hash in so many bits.</summary>
    public static int Of(ReadOnlySpan<byte> word, int bits)
    {
        ulong first = 0, last = 0;
        var part = Math.Min(word.Length, sizeof(ulong));
        word[..part].CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref first)));
        word[^part..].CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref last)));
        var mixed = ((first ^ (ulong)word.Length) * 0x9E3779B97F4A7C15) ^ (last * 0xC2B2AE3D27D4EB4F);
        mixed ^= mixed >> 29;
        return (int)((mixed * 0x9E3779B97F4A7C15) >> (64 - bits));
    }
}
