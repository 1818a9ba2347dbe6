using System.Buffers;

namespace Collector.Redaction;

/// <summary>
/// One pass over an error message. It goes from chunk to chunk (what stands between white space and quotations): each is kept or
/// removed whole, for what it is (<see cref="MessageWord"/>) and for where it stands: a word of the vocabulary goes too where a
/// name stands, which the words before it say (<see cref="WordRole"/>).
/// </summary>
internal ref struct MessageRedaction
{
    /// <summary>Room for a chunk more than the longest result, so that what doesn't fit is seen.</summary>
    public const int Excess = 128;

    // Brackets, ends of sentences and stray quotes around a word; what else touches it (/, @, -, _) makes it no word.
    private static readonly SearchValues<char> Before = SearchValues.Create("([{<\"'`");
    private static readonly SearchValues<char> Behind = SearchValues.Create(")]}>\"'`.,;:!?");
    private const string QuoteMarks = "'\"`";
    private const string SentenceEnds = ".;!?";
    private const int MaxPunctuation = 16;

    // Kinds in a row that are looked at for the name behind them.
    private const int MaxKinds = 6;

    private static readonly SearchValues<char> Names = SearchValues.Create("=:/\\");

    private readonly ReadOnlySpan<char> text;
    private readonly bool isCut;
    private RedactedText output;
    private Expect expect;

    /// <summary>
    /// Takes the message and room for the result, <paramref name="maxLength"/> and <see cref="Excess"/> characters; <paramref name="kept"/> is empty, or
    /// as long as the message, and is then told what was kept.
    /// </summary>
    public MessageRedaction(ReadOnlySpan<char> message, Span<char> buffer, int maxLength, Span<bool> kept)
    {
        output = new RedactedText(buffer, maxLength, kept);
        text = message.TrimEnd();
        if (text.Length <= Redactor.MaxMessageInput)
            return;
        isCut = true;
        text = text[..Redactor.MaxMessageInput];
        // What the cut goes through may look like a word and be the beginning of a name.
        var end = text.Length;
        while (end > 0 && !char.IsWhiteSpace(text[end - 1]))
            end--;
        text = text[..end].TrimEnd();
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

        /// <summary>Both: what went was a type's name that the vocabulary lacks (DBCluster).</summary>
        NameOfType,

        /// <summary>What may follow a name that ended with its quote.</summary>
        BehindQuoted,

        /// <summary>A name, behind a label (<c>found:</c>).</summary>
        Labelled,

        /// <summary>A name or another label, behind a kind of thing as one (<c>Table:</c>).</summary>
        LabelledByKind,

        /// <summary>A name, whatever stands there.</summary>
        Name,
    }

    /// <summary>The redacted message.</summary>
    public string Run()
    {
        for (var at = 0; at < text.Length && !output.IsFull;)
        {
            if (!char.IsAsciiLetterOrDigit(text[at]))
            {
                if (char.IsWhiteSpace(text[at]))
                {
                    output.Space();
                    at++;
                    continue;
                }

                if (Quotes.Opens(text, at))
                {
                    at = Quoted(at, Quotes.Close(text, at));
                    continue;
                }
            }

            var end = EndOfChunk(at);
            Chunk(at, end);
            at = end;
        }

        return output.Finish(isCut);
    }

    private readonly int EndOfChunk(int start)
    {
        var end = start + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || !(char.IsWhiteSpace(text[end]) || Quotes.Opens(text, end))))
            end++;
        return end;
    }

    private int Quoted(int open, int close)
    {
        var next = Math.Min(close + 1, text.Length);
        if (!char.IsAscii(text[open]))
        {
            // Such quotes go too; without them only white space keeps the mark apart from its neighbours.
            output.Space();
            output.Mark();
            output.Space();
            expect = Expect.MoreOfName;
            return next;
        }

        output.Keep(text.Slice(open, 1), open);
        if (close > open + 1)
        {
            output.Mark();
            expect = Expect.BehindQuoted;
        }

        // One that never closed closes here, so that the result says the same to a second look.
        var end = close < text.Length ? close : open;
        output.Keep(text.Slice(end, 1), end);
        return next;
    }

    private void Chunk(int start, int end)
    {
        var chunk = text[start..end];
        // Most chunks are a bare word: then there is nothing to trim.
        var core = char.IsAsciiLetterOrDigit(chunk[0]) ? chunk : WithoutLead(chunk);
        var lead = chunk[..(chunk.Length - core.Length)];
        if (!core.IsEmpty && !char.IsAsciiLetterOrDigit(core[^1]))
            core = WithoutTail(core);
        var tail = chunk[(lead.Length + core.Length)..];
        if (!lead.IsEmpty)
            Punctuation(lead, start);
        if ((core.IsEmpty || !char.IsAsciiLetterOrDigit(core[0])) && IsPunctuation(core) && chunk.Length <= MaxPunctuation)
        {
            Punctuation(core, start + lead.Length);
            Punctuation(tail, end - tail.Length);
            if (chunk.ContainsAny(Names))
                expect = Expect.Name;
            else if (chunk.ContainsAny(SentenceEnds))
                expect = Expect.Start;
            return;
        }

        var kind = MessageWord.Classify(core, tail, out var roles);
        var apostrophes = 0;
        if (kind == WordKind.Unknown || (IsBracketed(lead, tail)
            ? IsNameInBrackets(kind, core) : expect != Expect.Prose && IsNameHere(kind, roles, char.IsAsciiLetterUpper(core[0]), tail, end)))
        {
            output.Mark();
            expect = AfterName(core, tail);
        }
        else
        {
            apostrophes = tail.IsEmpty ? 0 : tail.Length - tail.TrimStart(QuoteMarks).Length;
            output.Keep(chunk.Slice(lead.Length, core.Length + apostrophes), start + lead.Length);
            expect = tail.IsEmpty ? AfterWord(roles) : AfterWord(roles, tail);
        }

        if (!tail.IsEmpty)
            Punctuation(tail[apostrophes..], end - tail.Length + apostrophes);
    }

    private static ReadOnlySpan<char> WithoutLead(ReadOnlySpan<char> chunk)
    {
        var start = chunk.IndexOfAnyExcept(Before);
        return start < 0 ? [] : chunk[start..];
    }

    private static ReadOnlySpan<char> WithoutTail(ReadOnlySpan<char> chunk) => chunk[..(chunk.LastIndexOfAnyExcept(Behind) + 1)];

    // All but stray quotes: beside a mark they would open or close a quotation that isn't there.
    private void Punctuation(ReadOnlySpan<char> part, int from)
    {
        if (part.Length > MaxPunctuation)
            return;
        for (var i = 0; i < part.Length; i++)
        {
            if (!QuoteMarks.Contains(part[i]))
                output.Keep(part.Slice(i, 1), from + i);
        }
    }

    private static bool IsBracketed(ReadOnlySpan<char> lead, ReadOnlySpan<char> tail) =>
        lead is [.., '[' or '{' or '<'] && tail is [']' or '}' or '>', ..];

    private static bool IsNameInBrackets(WordKind kind, ReadOnlySpan<char> core) =>
        kind is not (WordKind.Error or WordKind.Number) && core.ContainsAnyInRange('a', 'z');

    // Whether a known word stands where a name does.
    private readonly bool IsNameHere(WordKind kind, WordRole roles, bool isCapitalised, ReadOnlySpan<char> tail, int end)
    {
        if (kind == WordKind.Number)
            return expect is Expect.Name or Expect.Labelled or Expect.LabelledByKind or Expect.NameOrMore;
        return expect switch
        {
            Expect.Start => !isCapitalised && (roles & WordRole.Follower) == 0,
            Expect.NameOrMore => IsNameOfKind(roles, tail, end),
            Expect.MoreOfName => IsMoreOfName(roles, isCapitalised),
            Expect.NameOfType => IsNameOfKind(roles, tail, end) || IsMoreOfName(roles, isCapitalised),
            Expect.BehindQuoted => kind == WordKind.Word && IsMoreOfName(roles, isCapitalised: false),
            Expect.Labelled => (roles & WordRole.Follower) == 0 && !((roles & WordRole.Kind) != 0 && tail.Contains(':')),
            Expect.LabelledByKind => !((roles & WordRole.Kind) != 0 && tail.Contains(':')),
            Expect.Name => true,
            _ => false,
        };
    }

    private readonly bool IsNameOfKind(WordRole roles, ReadOnlySpan<char> tail, int end) =>
        (roles & (WordRole.Follower | WordRole.Head | WordRole.Attribute)) == 0
        && ((roles & WordRole.Kind) == 0 || !(tail.IsEmpty ? IsNameAhead(end) : tail.Contains(':')));

    // "Orders Data Table": capitals go on with a name.
    private static bool IsMoreOfName(WordRole roles, bool isCapitalised) =>
        (roles & (WordRole.Follower | WordRole.Attribute | (isCapitalised ? 0 : WordRole.Head | WordRole.Kind))) == 0;

    // A kind behind a kind is one too where a name or "with" comes in the end ("transform job X", "log config with ID"), and else is
    // the name of the first ("job transform not found").
    private readonly bool IsNameAhead(int at)
    {
        for (var kinds = 0; kinds < MaxKinds; kinds++)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            if (at == text.Length || Quotes.Opens(text, at))
                return at < text.Length;
            var end = EndOfChunk(at);
            var chunk = WithoutLead(text[at..end]);
            var next = WithoutTail(chunk);
            var facts = ErrorVocabulary.Look(next);
            if (next is "with" or "named" || !facts.IsWord)
                return !next.IsEmpty;
            if ((facts.Roles & WordRole.Follower) != 0)
                return false;
            if ((facts.Roles & WordRole.Kind) == 0)
                return true;
            if (next.Length < chunk.Length)
                return chunk[next.Length..].Contains(':');
            at = end;
        }

        return false;
    }

    private static Expect AfterName(ReadOnlySpan<char> core, ReadOnlySpan<char> tail)
    {
        if (tail.Contains(':'))
            return Expect.Labelled;
        if (core is [.., '=' or ':' or '/' or '\\'])
            return Expect.Name;
        if (tail.ContainsAny(SentenceEnds))
            return Expect.Start;
        return tail.IsEmpty && ErrorName.CamelWords(core) > 0 ? Expect.NameOfType : Expect.MoreOfName;
    }

    private static Expect AfterWord(WordRole roles) =>
        (roles & WordRole.Naming) != 0 ? Expect.Name : (roles & WordRole.Kind) != 0 ? Expect.NameOrMore : Expect.Prose;

    private static Expect AfterWord(WordRole roles, ReadOnlySpan<char> tail)
    {
        if (tail.Contains(':'))
            return (roles & WordRole.ProseLabel) != 0 ? Expect.Prose : (roles & WordRole.Kind) != 0 ? Expect.LabelledByKind : Expect.Labelled;
        return tail.ContainsAny(SentenceEnds) ? Expect.Start : Expect.Prose;
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
