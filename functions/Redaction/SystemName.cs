using System.Text;

namespace Collector.Redaction;

/// <summary>
/// Reduces a session's <c>system</c> (<c>Docker Desktop,5.15.90.1-microsoft-standard-WSL2,x86_64</c>,
/// <c>Linux(Container),6.18.44,x86_64</c>) to the operating system, the only part that the documentation names. Kernel, architecture,
/// versions and everything unknown are removed.
/// </summary>
internal static class SystemName
{
    /// <summary>The name for an operating system that is not in <c>catalog/operating-systems.txt</c>.</summary>
    public const string Other = "other";

    // Not sorted like the other lists. Its few lines are read in order; a longer name precedes the names that it begins with.
    private static readonly SortedLines Names = SortedLines.Embedded("operating-systems.txt");

    /// <summary>The name as the list spells it, or <see cref="Other"/>.</summary>
    public static string Clean(ReadOnlySpan<char> system)
    {
        var first = system.IndexOf(',');
        var name = Find((first < 0 ? system : system[..first]).Trim());
        return name.IsEmpty ? Other : Encoding.ASCII.GetString(name);
    }

    /// <summary>The listed name that the text equals or begins with as a whole word; empty when there is none.</summary>
    internal static ReadOnlySpan<byte> Find(ReadOnlySpan<char> text)
    {
        var best = ReadOnlySpan<byte>.Empty;
        for (var rest = Names.Bytes; !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)'\n');
            var name = rest[..end];
            if (name.Length > best.Length && StartsWithWord(text, name))
                best = name;
            rest = rest[(end + 1)..];
        }

        return best;
    }

    private static bool StartsWithWord(ReadOnlySpan<char> text, ReadOnlySpan<byte> name) =>
        text.Length >= name.Length
        && (text[0] | 0x20) == (name[0] | 0x20) // nearly all comparisons end here
        && Ascii.EqualsIgnoreCase(name, text[..name.Length])
        && (text.Length == name.Length || text[name.Length] is ' ' or '/' or '(');
}
