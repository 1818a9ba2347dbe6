using System.Numerics;

namespace Collector.Redaction;

/// <summary>
/// The hashes in <see cref="HashList"/>. They are written into files, so they must stay as they are or the files must be made again (a
/// test says so).
/// </summary>
internal static class TokenHash
{
    /// <summary>Of a hole.</summary>
    public const ulong Hole = 0x9E3779B97F4A7C15;

    /// <summary>Of the beginning of a message.</summary>
    public const ulong First = 0xC2B2AE3D27D4EB4F;

    /// <summary>Of the end of a message.</summary>
    public const ulong Last = 0x165667B19E3779F9;

    // Those of FNV-1a with 64 bits (www.isthe.com/chongo/tech/comp/fnv).
    private const ulong Basis = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;

    /// <summary>Of an ASCII word, a number or a mark, whatever its case.</summary>
    public static ulong Of(ReadOnlySpan<char> token)
    {
        var hash = Basis;
        foreach (var c in token)
            hash = (hash ^ (char.IsAsciiLetterUpper(c) ? c | 0x20u : c)) * Prime;
        return hash;
    }

    /// <summary>Of a text as it is written, its case included.</summary>
    public static ulong OfExact(ReadOnlySpan<char> text)
    {
        var hash = Basis;
        foreach (var c in text)
            hash = (hash ^ c) * Prime;
        return Mix(hash);
    }

    /// <summary>Of a word or number that any run has, by itself.</summary>
    public static ulong OfWord(ulong token) => OfRun(token, 0, 0);

    /// <summary>Of a run of three tokens.</summary>
    public static ulong OfRun(ulong first, ulong second, ulong third) =>
        Mix(first
            + (BitOperations.RotateLeft(second, 21) * 0xC2B2AE3D27D4EB4F) + (BitOperations.RotateLeft(third, 42) * 0x165667B19E3779F9));

    // The finalizer of SplitMix64, so that the first bits depend on all.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
