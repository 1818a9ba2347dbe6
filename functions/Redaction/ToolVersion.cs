namespace Collector.Redaction;

/// <summary>The shape of a tool's version: <c>1.25.52</c>, <c>v2</c>, <c>1.0.5.dev</c>, <c>3.0.0-rc.1</c>.</summary>
internal static class ToolVersion
{
    // Three numbers say which version it is; a fourth is a build, and four may be an address.
    private const int MaxParts = 3;
    private const int MaxDigits = 5;

    private static readonly string[] Stages = ["alpha", "beta", "dev", "post", "pre", "preview", "rc", "SNAPSHOT", "a", "b"];

    /// <summary>
    /// How many characters at the text's beginning are a version: up to three numbers and a stage. 0 when it doesn't begin like one,
    /// or goes on with anything but another part (<c>1.0.secret</c> is cut before the last dot, <c>1x</c> is none).
    /// </summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        var at = text is ['v', ..] ? 1 : 0;
        for (var part = 0; part < MaxParts; part++)
        {
            var digits = Digits(text, part == 0 ? at : at + 1);
            if (digits is 0 or > MaxDigits || (part > 0 && text[at] != '.'))
            {
                if (part == 0)
                    return 0;
                break;
            }

            at += digits + (part == 0 ? 0 : 1);
        }

        return IsEnd(text, at) ? at + Stage(text[at..]) : 0;
    }

    private static int Digits(ReadOnlySpan<char> text, int from)
    {
        var end = from;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return Math.Max(end - from, 0);
    }

    // "-rc.1", ".dev0", "b2": a known word and a small number.
    private static int Stage(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return 0;
        var at = text is ['-' or '.' or '_', ..] ? 1 : 0;
        foreach (var stage in Stages)
        {
            if (!text[at..].StartsWith(stage))
                continue;
            var end = at + stage.Length;
            if (end < text.Length && text[end] == '.' && Digits(text, end + 1) > 0)
                end++;
            var digits = Digits(text, end);
            if (digits < MaxDigits && IsEnd(text, end + digits))
                return end + digits;
        }

        return 0;
    }

    private static bool IsEnd(ReadOnlySpan<char> text, int at) => at >= text.Length || !char.IsLetterOrDigit(text[at]);
}
