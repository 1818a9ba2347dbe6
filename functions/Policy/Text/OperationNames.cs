namespace Collector.Policy.Text;

/// <summary>
/// The 14,473 distinct operation names of the catalog whatever their service, as a hash table of offsets into it. Only the
/// redaction of a text needs it, so it is built (a fraction of a millisecond, 128 KB) when the first such text comes.
/// </summary>
internal static class OperationNames
{
    // A power of two, under half full.
    private const int SlotBits = 15;
    private const int Slots = 1 << SlotBits;
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
        for (var slot = WordHash.Of(name, SlotBits); offsets[slot] != 0; slot = (slot + 1) % Slots)
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
            var slot = WordHash.Of(name, SlotBits);
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
}
