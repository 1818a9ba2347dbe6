namespace Collector.Redaction;

/// <summary>Finds quoted parts of a message, apart from apostrophes (<c>doesn't</c>, <c>users' names</c>).</summary>
internal static class Quotes
{
    /// <summary>Whether a quotation opens here: a quote of any kind with no letter or digit before it.</summary>
    public static bool Opens(ReadOnlySpan<char> text, int at) =>
        Closing(text[at]) != '\0'
        && (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
        // An apostrophe that ends something: "the users' ", "}' ".
        && (text[at] != '\'' || (at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1])))
        && !text[at..].StartsWith(Redactor.Mark);

    /// <summary>
    /// Where the quotation that opens here closes; the text's length when it never does: then all the rest counts as quoted.
    /// A quote with a letter behind it closes nothing (<c>'it's'</c>), but for AWS's own want of a space in
    /// <c>'languageCode'failed to satisfy constraint</c>.
    /// </summary>
    public static int Close(ReadOnlySpan<char> text, int open)
    {
        var closing = Closing(text[open]);
        for (var at = open + 1; at < text.Length; at++)
        {
            if (text[at] == closing && (at + 1 == text.Length || !char.IsLetterOrDigit(text[at + 1]) || IsFailed(text[(at + 1)..])))
                return at;
        }

        return text.Length;
    }

    private static bool IsFailed(ReadOnlySpan<char> behind) =>
        behind.StartsWith("failed") && (behind.Length == "failed".Length || !char.IsLetterOrDigit(behind["failed".Length]));

    private static char Closing(char open) => open switch
    {
        '\'' or '"' or '`' => open,
        '“' or '„' or '”' => '”',
        '‘' or '‚' or '’' => '’',
        '«' => '»',
        '‹' => '›',
        _ => '\0',
    };
}
