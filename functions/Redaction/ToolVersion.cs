using System.Buffers;

namespace Collector.Redaction;

/// <summary>
/// The format of a tool's version: <c>1.25.52</c>, <c>v2</c>, <c>1.0.5.dev</c>, <c>3.0.0-rc.1</c>, <c>120.0.6099.109</c>. Numbers that look
/// like a card number (<c>4111.1111.1111</c>) or a telephone number (<c>650.253.0000</c>) are not versions.
/// </summary>
internal static class ToolVersion
{
    private const int MaxParts = 4;
    private const int MaxDigits = 5;

    // The number of digits from which a number counts as long. A version has at most one long number (a year, a build), and not only that
    // one.
    private const int LongNumber = 4;

    // The most digits in total for two, three and four numbers. A browser's version has four numbers with eleven digits.
    private const int MaxOfTwo = 6;
    private const int MaxOfThree = 8;
    private const int MaxOfFour = 11;

    private static readonly string[] Stages = ["alpha", "beta", "dev", "post", "pre", "preview", "rc", "SNAPSHOT", "a", "b"];
    private static readonly SearchValues<char> FirstLetters = SearchValues.Create([.. Stages.Select(stage => stage[0]).Distinct()]);

    /// <summary>
    /// The number of characters at the beginning of the text that are a version: up to four numbers and a stage. 0 when the text does not
    /// begin like a version, or continues with anything but another part (<c>1.0.secret</c> is cut before the last dot, <c>1x</c> is not a
    /// version).
    /// </summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        var at = text is ['v', ..] ? 1 : 0;
        int parts = 0, digits = 0, longOnes = 0, beforeLast = 0;
        bool isPadded = false, isAddress = true;
        for (; parts < MaxParts && (parts == 0 || (at < text.Length && text[at] == '.')); parts++)
        {
            var from = parts == 0 ? at : at + 1;
            var size = Digits(text, from, out var number);
            longOnes += size >= LongNumber ? 1 : 0;
            if (size is 0 or > MaxDigits)
                break;
            isPadded |= size > (parts == 0 ? 1 : 2) && text[from] == '0';
            isAddress &= number <= byte.MaxValue;
            digits += size;
            (beforeLast, at) = (at, from + size);
        }

        var most = parts switch { 1 => LongNumber - 1, 2 => MaxOfTwo, 3 => MaxOfThree, _ => MaxOfFour };
        if (parts == 0 || digits > most || longOnes > 1 || isPadded || !IsEnd(text, at) || GoesOn(text, at, parts))
            return 0;
        // Four numbers of one byte each may be an IP address.
        return parts == MaxParts && isAddress ? beforeLast : at + Stage(text[at..]);
    }

    // Whether more numbers follow in the same style, as in a telephone number that is written in pairs.
    private static bool GoesOn(ReadOnlySpan<char> text, int at, int parts) => at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])
        && (parts == 1 ? text[at] != '.' : parts == MaxParts && text[at] == '.');

    // The number is correct for up to nine digits; more digits are too many for a version anyway.
    private static int Digits(ReadOnlySpan<char> text, int from, out int number)
    {
        var end = from;
        number = 0;
        for (; end < text.Length && char.IsAsciiDigit(text[end]); end++)
            number = unchecked((number * 10) + (text[end] - '0'));
        return Math.Max(end - from, 0);
    }

    // "-rc.1", ".dev0", "b2": a known word and a small number.
    private static int Stage(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return 0;
        var at = text is ['-' or '.' or '_', ..] ? 1 : 0;
        if (at == text.Length || !FirstLetters.Contains(text[at]))
            return 0;
        foreach (var stage in Stages)
        {
            if (!text[at..].StartsWith(stage))
                continue;
            var end = at + stage.Length;
            if (end < text.Length && text[end] == '.' && Digits(text, end + 1, out _) > 0)
                end++;
            var digits = Digits(text, end, out _);
            if (digits < MaxDigits && IsEnd(text, end + digits))
                return end + digits;
        }

        return 0;
    }

    private static bool IsEnd(ReadOnlySpan<char> text, int at) => at >= text.Length || !char.IsLetterOrDigit(text[at]);
}
