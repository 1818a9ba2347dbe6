using System.Numerics;

namespace Collector.Redaction;

/// <summary>
/// The hashes in <see cref="HashList"/>. They are stored in files, which must be generated again if the hashes change (a test checks this).
/// </summary>
internal static class TokenHash
{
    /// <summary>The hash of a hole.</summary>
    public const ulong Hole = 0x9E3779B97F4A7C15;

    /// <summary>The hash of the beginning of a message.</summary>
    public const ulong First = 0xC2B2AE3D27D4EB4F;

    /// <summary>The hash of the end of a message.</summary>
    public const ulong Last = 0x165667B19E3779F9;

    /// <summary>
    /// The hash of no characters; this and the prime are those of FNV-1a with 64 bits (www.isthe.com/chongo/tech/comp/fnv).
    /// </summary>
    public const ulong Empty = 0xCBF29CE484222325;

    private const ulong Prime = 0x100000001B3;

    /// <summary>The hash of an ASCII word, a number or a punctuation mark, in any case.</summary>
    public static ulong Of(ReadOnlySpan<char> token)
    {
        var hash = Empty;
        foreach (var c in token)
            hash = With(hash, char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c);
        return hash;
    }

    /// <summary>The hash of a token, from the hash of all its characters but the last one, which must be in lower case.</summary>
    public static ulong With(ulong hash, char last) => (hash ^ last) * Prime;

    /// <summary>The hash of a text exactly as it is written, including its case.</summary>
    public static ulong OfExact(ReadOnlySpan<char> text)
    {
        var hash = Empty;
        foreach (var c in text)
            hash = With(hash, c);
        return Mix(hash);
    }

    /// <summary>The hash of a single word or number that is in any run.</summary>
    public static ulong OfWord(ulong token) => OfRun(token, 0, 0);

    /// <summary>The hash of a run of three tokens.</summary>
    public static ulong OfRun(ulong first, ulong second, ulong third) =>
        Mix(first
            + (BitOperations.RotateLeft(second, 21) * 0xC2B2AE3D27D4EB4F) + (BitOperations.RotateLeft(third, 42) * 0x165667B19E3779F9));

    // The finalizer of SplitMix64, which makes the first bits depend on all bits.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
