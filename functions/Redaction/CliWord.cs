namespace Collector.Redaction;

/// <summary>
/// The shape of what a CLI event may hold: words of a command path and names of parameters, never values. A word is lower-case
/// ASCII with single hyphens or underscores inside and few digits; whatever else stands there is a value.
/// </summary>
internal static class CliWord
{
    /// <summary>Longest word, in characters (issue 3: lower-case words of at most 32 characters).</summary>
    public const int MaxLength = 32;

    /// <summary>Most digits in a word: <c>s3</c>, <c>ec2</c> and <c>k8s</c> are words, <c>b2adf05</c> and account ids are values.</summary>
    public const int MaxDigits = 2;

    /// <summary>Whether this is a word.</summary>
    public static bool IsWord(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > MaxLength || !char.IsAsciiLetterLower(text[0]))
            return false;
        var digits = 0;
        for (var i = 1; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c))
                digits++;
            else if (c is '-' or '_')
            {
                if (i == text.Length - 1 || text[i + 1] is '-' or '_')
                    return false;
            }
            else if (!char.IsAsciiLetterLower(c))
                return false;
        }

        return digits <= MaxDigits;
    }

    /// <summary>
    /// The leading words of a command line up to its first value or flag, with single spaces between them
    /// (<c>localstack config validate</c>); null when it doesn't begin with a word.
    /// </summary>
    public static string? CommandPath(ReadOnlySpan<char> command, int maxWords)
    {
        Span<char> path = stackalloc char[(MaxLength + 1) * maxWords];
        int size = 0, words = 0;
        foreach (var range in command.Split(' '))
        {
            var word = command[range];
            if (word.IsEmpty)
                continue;
            if (words == maxWords || !IsWord(word))
                break;
            if (words++ > 0)
                path[size++] = ' ';
            word.CopyTo(path[size..]);
            size += word.Length;
        }

        return words == 0 ? null : path[..size].ToString();
    }

    /// <summary>
    /// A parameter's name without the dashes of its flag (<c>--detach</c> is <c>detach</c>); null when what remains is no word,
    /// as in <c>--token=…</c>.
    /// </summary>
    public static string? ParameterName(ReadOnlySpan<char> parameter)
    {
        var name = parameter;
        for (var dashes = 0; dashes < 2 && name is ['-', ..]; dashes++)
            name = name[1..];
        return IsWord(name) ? name.ToString() : null;
    }
}
