namespace Collector.Policy.Text;

/// <summary>What a word of the vocabulary says about the word behind it; the letters of <c>catalog/word-roles.tsv</c>.</summary>
[Flags]
internal enum WordRole
{
    None = 0,

    /// <summary><c>k</c>: a kind of thing, behind which its name may stand ("queue", "name", "id").</summary>
    Kind = 1,

    /// <summary><c>f</c>: may follow a kind or a name and is none ("does", "already", "with").</summary>
    Follower = 2,

    /// <summary><c>h</c>: may follow a kind, as the head of a compound ("bucket policy", "role name").</summary>
    Head = 4,

    /// <summary><c>n</c>: always followed by a name ("named").</summary>
    Naming = 8,

    /// <summary><c>p</c>: with a colon behind it, followed by prose and not by a name ("constraint:").</summary>
    ProseLabel = 16,
}

/// <summary>Looks up <see cref="WordRole"/>s.</summary>
internal static class WordRoles
{
    private const int MaxWord = 48;

    private static readonly SortedLines Lines = SortedLines.Embedded("word-roles.tsv");

    /// <summary>The roles of a word in any case; a CamelCase word (<c>StackSet</c>) that isn't listed is a kind.</summary>
    public static WordRole Of(ReadOnlySpan<char> word)
    {
        if (word.Length > MaxWord)
            return WordRole.None;
        Span<char> lower = stackalloc char[MaxWord];
        word.ToLowerInvariant(lower);
        Span<byte> key = stackalloc byte[MaxWord];
        if (!SortedLines.Key(lower[..word.Length], key, out var size))
            return WordRole.None;
        var offset = Lines.Find(key[..size]);
        if (!Lines.StartsAt(offset, key[..size], (byte)'\t'))
            return IsCamelCase(word) ? WordRole.Kind : WordRole.None;
        var roles = WordRole.None;
        foreach (var letter in Lines.Bytes[(offset + size + 1)..])
        {
            if (letter == '\n')
                break;
            roles |= letter switch
            {
                (byte)'k' => WordRole.Kind,
                (byte)'f' => WordRole.Follower,
                (byte)'h' => WordRole.Head,
                (byte)'n' => WordRole.Naming,
                (byte)'p' => WordRole.ProseLabel,
                _ => WordRole.None,
            };
        }

        return roles;
    }

    private static bool IsCamelCase(ReadOnlySpan<char> word) =>
        word.Length > 2 && word[1..].ContainsAnyInRange('A', 'Z') && word.ContainsAnyInRange('a', 'z');
}
