using System.Buffers;

namespace Collector.Policy.Text;

/// <summary>
/// One pass over an error message. It goes from chunk to chunk (what stands between white space and quotations): each is kept or
/// removed whole, for what it is (<see cref="MessageWord"/>) and for where it stands: a word of the vocabulary goes too where a
/// name stands, which the words before it say (<see cref="WordRole"/>).
/// </summary>
internal ref struct MessageRedaction
{
    /// <summary>A chunk more than the limit, so that what doesn't fit is seen.</summary>
    public const int BufferSize = Redactor.MaxMessage + 128;

    // Brackets, ends of sentences and stray quotes around a word; what else touches it (/, @, -, _) makes it no word.
    private const string Before = "([{<\"'`";
    private const string Behind = ")]}>\"'`.,;:!?";
    private const int MaxPunctuation = 16;

    private const string SentenceEnds = ".;!?";

    private static readonly SearchValues<char> Names = SearchValues.Create("=:/\\");

    private readonly ReadOnlySpan<char> text;
    private readonly bool isCut;
    private RedactedText output;
    private Expect expect;

    /// <summary>
    /// Takes the message and room for the result, <see cref="BufferSize"/> characters; <paramref name="kept"/> is empty, or as long as
    /// the message, and is then told what was kept.
    /// </summary>
    public MessageRedaction(ReadOnlySpan<char> message, Span<char> buffer, Span<bool> kept)
    {
        output = new RedactedText(buffer, Redactor.MaxMessage, kept);
        text = message;
        if (message.Length <= Redactor.MaxMessageInput)
            return;
        isCut = true;
        text = message[..Redactor.MaxMessageInput];
        // What the cut goes through may look like a word and be the beginning of a name.
        var end = text.Length;
        while (end > 0 && !char.IsWhiteSpace(text[end - 1]))
            end--;
        text = text[..end];
    }

    /// <summary>What the words before a chunk say about it.</summary>
    private enum Expect
    {
        /// <summary>A sentence begins.</summary>
        Start,

        /// <summary>Nothing: a word is a word.</summary>
        Prose,

        /// <summary>A name, or what may follow the kind of thing that was just mentioned.</summary>
        NameOrMore,

        /// <summary>More of a name that was just removed, or what may follow it.</summary>
        MoreOfName,

        /// <summary>A name, behind a label (<c>Table:</c>).</summary>
        Labelled,

        /// <summary>A name, whatever stands there.</summary>
        Name,
    }

    /// <summary>The redacted message.</summary>
    public string Run()
    {
        for (var at = 0; at < text.Length && !output.IsFull;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                output.Space();
                at++;
            }
            else if (Quotes.Opens(text, at))
            {
                at = Quoted(at, Quotes.Close(text, at));
            }
            else
            {
                var end = at + 1;
                while (end < text.Length && !char.IsWhiteSpace(text[end]) && !Quotes.Opens(text, end))
                    end++;
                Chunk(at, end);
                at = end;
            }
        }

        return output.Finish(isCut);
    }

    private int Quoted(int open, int close)
    {
        var isAscii = char.IsAscii(text[open]);
        if (isAscii)
            output.Keep(text.Slice(open, 1), open);
        if (close > open + 1 || !isAscii)
        {
            output.Mark();
            expect = Expect.MoreOfName;
        }

        if (isAscii && close < text.Length)
            output.Keep(text.Slice(close, 1), close);
        return Math.Min(close + 1, text.Length);
    }

    private void Chunk(int start, int end)
    {
        var chunk = text[start..end];
        var core = chunk.TrimStart(Before);
        var lead = chunk[..(chunk.Length - core.Length)];
        core = core.TrimEnd(Behind);
        var tail = chunk[(lead.Length + core.Length)..];
        output.Keep(lead.Length > MaxPunctuation ? [] : lead, start);
        if (IsPunctuation(core) && chunk.Length <= MaxPunctuation)
        {
            output.Keep(core, start + lead.Length);
            output.Keep(tail, end - tail.Length);
            if (chunk.ContainsAny(Names))
                expect = Expect.Name;
            else if (chunk.ContainsAny(SentenceEnds))
                expect = Expect.Start;
            return;
        }

        var kind = MessageWord.Classify(core, tail);
        var roles = kind == WordKind.Word ? WordRoles.Of(core) : WordRole.None;
        if (kind == WordKind.Unknown || IsName(core, kind, roles, lead, tail, end))
        {
            output.Mark();
            expect = AfterName(core, tail);
        }
        else
        {
            output.Keep(core, start + lead.Length);
            expect = AfterWord(roles, tail);
        }

        output.Keep(tail.Length > MaxPunctuation ? [] : tail, end - tail.Length);
    }

    // Whether a known word stands where a name does.
    private readonly bool IsName(
        ReadOnlySpan<char> core, WordKind kind, WordRole roles, ReadOnlySpan<char> lead, ReadOnlySpan<char> tail, int end)
    {
        if (lead is [.., '[' or '{' or '<'] && tail is [']' or '}' or '>', ..])
            return kind is not (WordKind.Error or WordKind.Number) && core.ContainsAnyInRange('a', 'z');
        const WordRole Goes = WordRole.Follower | WordRole.Head;
        return expect switch
        {
            Expect.Name => true,
            Expect.Labelled => kind == WordKind.Number
                ? false
                : (roles & WordRole.Follower) == 0 && !((roles & WordRole.Kind) != 0 && tail.Contains(':')),
            Expect.NameOrMore => kind != WordKind.Number && (roles & Goes) == 0
                && ((roles & WordRole.Kind) == 0 || !(tail.IsEmpty ? IsNameAhead(end) : tail is ":" && end < text.Length)),
            Expect.MoreOfName => kind == WordKind.Word && (roles & (Goes | WordRole.Kind)) == 0,
            Expect.Start => kind == WordKind.Word && char.IsAsciiLetterLower(core[0]) && (roles & WordRole.Follower) == 0,
            _ => false,
        };
    }

    // "transform job X", "log config with ID": what follows the second kind shows that it is no name, as it is in "job transform not found".
    private readonly bool IsNameAhead(int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        if (at == text.Length || Quotes.Opens(text, at))
            return at < text.Length;
        var end = at + 1;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
            end++;
        var next = text[at..end].Trim(Before).TrimEnd(Behind);
        return !next.IsEmpty && (next is "with" or "named" || (WordRoles.Of(next) & WordRole.Follower) == 0);
    }

    private static Expect AfterName(ReadOnlySpan<char> core, ReadOnlySpan<char> tail)
    {
        if (tail.Contains(':'))
            return Expect.Labelled;
        if (core is [.., '=' or ':' or '/' or '\\'])
            return Expect.Name;
        if (tail.ContainsAny(SentenceEnds))
            return Expect.Start;
        // A type's name (DBCluster) that the vocabulary lacks: what stands behind it is a name rather than a word.
        return tail.IsEmpty && ErrorName.CamelWords(core) > 0 ? Expect.NameOrMore : Expect.MoreOfName;
    }

    private static Expect AfterWord(WordRole roles, ReadOnlySpan<char> tail)
    {
        if (tail.Contains(':'))
            return (roles & WordRole.ProseLabel) != 0 ? Expect.Prose : Expect.Labelled;
        if (tail.ContainsAny(SentenceEnds))
            return Expect.Start;
        if (!tail.IsEmpty)
            return Expect.Prose;
        return (roles & WordRole.Naming) != 0 ? Expect.Name : (roles & WordRole.Kind) != 0 ? Expect.NameOrMore : Expect.Prose;
    }

    private static bool IsPunctuation(ReadOnlySpan<char> core)
    {
        foreach (var c in core)
        {
            if (!char.IsAscii(c) || char.IsControl(c) || char.IsLetterOrDigit(c))
                return false;
        }

        return true;
    }
}
