using System.Buffers;

namespace Collector.Redaction;

/// <summary>
/// The text that a redaction writes: bounded, white space folded, marks side by side made one. Marks with nothing but balanced
/// punctuation between them (<c>'a', 'b'</c>) are one run too.
/// </summary>
internal ref struct RedactedText(Span<char> buffer, int limit, Span<bool> kept)
{
    private static readonly SearchValues<char> LettersAndDigits =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly Span<char> buffer = buffer;
    private readonly Span<bool> kept = kept;
    private int length;
    private int safe;
    private int lastMark = -1;
    private bool space;

    /// <summary>Whether the limit is passed; nothing written from here on shows.</summary>
    public bool IsFull { get; private set; }

    /// <summary>A break between words: one space, none at either end of the text.</summary>
    public void Space()
    {
        if (length + 1 + Redactor.Mark.Length <= limit)
            safe = length;
        space = length > 0;
    }

    /// <summary>Takes over a part of the input; <paramref name="from"/> is its place there.</summary>
    public void Keep(ReadOnlySpan<char> part, int from)
    {
        if (part.IsEmpty || !Append(part))
            return;
        if (!kept.IsEmpty)
            kept.Slice(from, part.Length).Fill(true);
        if (lastMark >= 0 && part.ContainsAny(LettersAndDigits))
            lastMark = -1;
    }

    /// <summary>Something was removed here.</summary>
    public void Mark()
    {
        if (lastMark >= 0 && IsBalanced(buffer[lastMark..length]))
        {
            length = lastMark;
            space = false;
            return;
        }

        if (Append(Redactor.Mark))
            lastMark = length;
    }

    /// <summary>The text, with a mark at its end where it is longer than the limit or its input was.</summary>
    public string Finish(bool inputWasCut)
    {
        if (IsFull || length > limit)
            length = safe;
        else if (!inputWasCut)
            return buffer[..length].ToString();
        else if (length + 1 + Redactor.Mark.Length > limit)
            length = safe;
        IsFull = false;
        var mark = buffer[..length].LastIndexOf(Redactor.Mark);
        lastMark = mark < 0 ? -1 : mark + Redactor.Mark.Length;
        if (mark >= 0 && buffer[lastMark..length].ContainsAny(LettersAndDigits))
            lastMark = -1;
        space = length > 0;
        Mark();
        return buffer[..length].ToString();
    }

    private bool Append(ReadOnlySpan<char> part)
    {
        if (IsFull || length + 1 + part.Length > buffer.Length)
        {
            IsFull = true;
            return false;
        }

        if (space)
            buffer[length++] = ' ';
        space = false;
        part.CopyTo(buffer[length..]);
        length += part.Length;
        return true;
    }

    // Only then can the punctuation between two marks go without making a lone quote or bracket out of a pair.
    private static bool IsBalanced(ReadOnlySpan<char> gap) =>
        int.IsEvenInteger(gap.Count('\'')) && int.IsEvenInteger(gap.Count('"')) && int.IsEvenInteger(gap.Count('`'))
        && gap.Count('(') == gap.Count(')') && gap.Count('[') == gap.Count(']')
        && gap.Count('{') == gap.Count('}') && gap.Count('<') == gap.Count('>');
}
