namespace Collector.Policy.Text;

/// <summary>
/// The words of AWS's own error messages (<c>catalog/error-vocabulary.txt</c>): the prose that a redacted text may keep.
/// </summary>
internal static class ErrorVocabulary
{
    // Words are short; what is longer is no word, whatever it is made of.
    private const int MaxWord = 48;

    private static readonly SortedLines Words = SortedLines.Embedded("error-vocabulary.txt");

    /// <summary>Whether the word is in the list as it is, or in lower case when it is capitalised (<c>Function</c> for <c>function</c>).</summary>
    public static bool Contains(ReadOnlySpan<char> word)
    {
        if (word.Length > MaxWord)
            return false;
        if (Words.Contains(word))
            return true;
        if (word.Length < 2 || !char.IsAsciiLetterUpper(word[0]) || word[1..].ContainsAnyInRange('A', 'Z'))
            return false;
        Span<char> lower = stackalloc char[MaxWord];
        word.CopyTo(lower);
        lower[0] = char.ToLowerInvariant(lower[0]);
        return Words.Contains(lower[..word.Length]);
    }

    /// <summary>Whether the word is in the list in this case, capitalised or in lower case: as a part of <c>NonExistentQueue</c>.</summary>
    public static bool ContainsPart(ReadOnlySpan<char> part)
    {
        if (Contains(part))
            return true;
        if (part.Length > MaxWord)
            return false;
        Span<char> lower = stackalloc char[MaxWord];
        part.ToLowerInvariant(lower);
        return Words.Contains(lower[..part.Length]);
    }
}
