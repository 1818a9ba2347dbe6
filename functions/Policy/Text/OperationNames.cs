using System.Runtime.InteropServices;

namespace Collector.Policy.Text;

/// <summary>
/// The 14,473 distinct operation names of the catalog whatever their service, as a hash table of offsets into it. Only the
/// redaction of a text needs it, so it is built (a fraction of a millisecond, 128 KB) when the first such text comes.
/// </summary>
internal static class OperationNames
{
    // A power of two, under half full.
    private const int Slots = 1 << 15;
    private const int MaxName = 96;

    // Offsets + 1, so that 0 is a free slot. Two threads may both build it; either's is good.
    private static int[]? table;

    /// <summary>Whether any service has an operation of this name.</summary>
    public static bool Contains(ReadOnlySpan<char> word)
    {
        Span<byte> name = stackalloc byte[MaxName];
        if (!SortedLines.Key(word, name, out var size))
            return false;
        name = name[..size];
        var offsets = table ??= Build();
        for (var slot = Hash(name); offsets[slot] != 0; slot = (slot + 1) % Slots)
        {
            if (Name(offsets[slot] - 1).SequenceEqual(name))
                return true;
        }

        return false;
    }

    private static int[] Build()
    {
        var offsets = new int[Slots];
        var all = AwsCatalog.Bytes;
        for (var start = 0; start < all.Length;)
        {
            var at = start + all[start..].IndexOf((byte)'\t') + 1;
            var name = Name(at);
            var slot = Hash(name);
            while (offsets[slot] != 0 && !Name(offsets[slot] - 1).SequenceEqual(name))
                slot = (slot + 1) % Slots;
            offsets[slot] = at + 1;
            start = at + name.Length + 1;
        }

        return offsets;
    }

    private static ReadOnlySpan<byte> Name(int offset)
    {
        var rest = AwsCatalog.Bytes[offset..];
        return rest[..rest.IndexOf((byte)'\n')];
    }

    // Over the first and last eight bytes and the length: the middle tells few operations apart.
    private static int Hash(ReadOnlySpan<byte> name)
    {
        ulong first = 0, last = 0;
        var part = Math.Min(name.Length, sizeof(ulong));
        name[..part].CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref first)));
        name[^part..].CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref last)));
        var mixed = ((first ^ (ulong)name.Length) * 0x9E3779B97F4A7C15) ^ (last * 0xC2B2AE3D27D4EB4F);
        mixed ^= mixed >> 29;
        return (int)((mixed * 0x9E3779B97F4A7C15) >> (64 - 15));
    }
}
