using System.Numerics;
using System.Runtime.CompilerServices;

namespace Collector.Redaction;

/// <summary>
/// An embedded list for frequent lookups: a hash table of offsets into the list, built for the first lookup (four bytes per slot).
/// </summary>
internal sealed class HashedLines(SortedLines list)
{
    /// <summary>Longest key that can be looked up, in characters; no line of any list is longer (CatalogFileTests).</summary>
    private const int MaxKey = 128;

    private const int FewestSlots = 4;

    // Offsets plus 1, so that 0 means a free slot. The number of slots is a power of two, and at most two thirds are used. Two threads may
    // both build the table; either one is valid.
    private int[]? table;

    /// <summary>Whether the list contains exactly this word.</summary>
    [SkipLocalsInit]
    public bool Contains(ReadOnlySpan<char> word)
    {
        Span<byte> key = stackalloc byte[MaxKey];
        if (!SortedLines.Key(word, key, out var size))
            return false;
        key = key[..size];
        var offsets = table ??= Build();
        for (var slot = WordHash.Of(key, Bits(offsets)); offsets[slot] != 0; slot = (slot + 1) & (offsets.Length - 1))
        {
            if (list.IsAt(offsets[slot] - 1, key))
                return true;
        }

        return false;
    }

    private static int Bits(int[] offsets) => BitOperations.Log2((uint)offsets.Length);

    private int[] Build()
    {
        var all = list.Bytes;
        var offsets = new int[Math.Max((int)BitOperations.RoundUpToPowerOf2((uint)(all.Count((byte)'\n') * 3 / 2)), FewestSlots)];
        for (var at = 0; at < all.Length;)
        {
            var key = all.Slice(at, all[at..].IndexOf((byte)'\n'));
            var slot = WordHash.Of(key, Bits(offsets));
            while (offsets[slot] != 0 && !list.IsAt(offsets[slot] - 1, key))
                slot = (slot + 1) & (offsets.Length - 1);
            offsets[slot] = at + 1;
            at += key.Length + 1;
        }

        return offsets;
    }
}
