using System.Buffers.Binary;

namespace Collector.Redaction;

/// <summary>
/// A set of texts or runs of tokens as sorted hashes of 36 bits, searched in place. The file contains 4,097 offsets of 16 bits (little
/// endian), one for each value of a hash's first 12 bits and one for the end, followed by the other 24 bits of each hash (big endian),
/// sorted.
/// <para>
/// A text that is not in the set may have the hash of one that is. With 40,000 entries this happens in one lookup of 1.7 million. A word of
/// a name that AWS's messages use too is in three runs, so it is kept by chance once in 500,000 words. A word that they do not use needs
/// two such coincidences at once. This cannot be exploited, because nobody can choose the words of another user's message.
/// </para>
/// </summary>
internal sealed class HashList(EmbeddedFile file)
{
    /// <summary>Bits of a hash that select its bucket.</summary>
    public const int BucketBits = 12;

    /// <summary>Bits of a hash that are stored in the bucket.</summary>
    public const int RestBits = 24;

    private const uint RestMask = (1u << RestBits) - 1;
    private const int Rest = RestBits / 8;
    private const int Offset = sizeof(ushort);
    private const int Start = ((1 << BucketBits) + 1) * Offset;

    /// <summary>The list embedded under this logical name (see Functions.csproj).</summary>
    public static HashList Embedded(string name) => new(EmbeddedFile.Open(name));

    /// <summary>Whether the set has an entry with this hash. Only the first 36 of its 64 bits are compared.</summary>
    public bool Contains(ulong hash)
    {
        var bytes = file.Bytes;
        // The offsets of the bucket and of the next one.
        var offsets = BinaryPrimitives.ReadUInt32LittleEndian(bytes[((int)(hash >> (64 - BucketBits)) * Offset)..]);
        var from = (int)(offsets & ushort.MaxValue);
        var size = (int)(offsets >> 16) - from;
        var rest = (uint)(hash >> (64 - BucketBits - RestBits)) & RestMask;
        // Hashes are distributed evenly, so the entry is near its proportional place in the bucket.
        var at = (int)(((ulong)rest * (uint)size) >> RestBits);
        // The slice begins one byte earlier, so that each entry can be read as the end of four bytes.
        var entries = bytes.Slice(Start + (from * Rest) - 1, (size * Rest) + 1);
        if (at == size)
            return false;
        var entry = Entry(entries, at);
        while (entry < rest && ++at < size)
            entry = Entry(entries, at);
        while (entry > rest && --at >= 0)
            entry = Entry(entries, at);
        return entry == rest;
    }

    private static uint Entry(ReadOnlySpan<byte> entries, int at) =>
        BinaryPrimitives.ReadUInt32BigEndian(entries[(at * Rest)..]) & RestMask;
}
