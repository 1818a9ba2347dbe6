namespace Collector.Redaction;

/// <summary>
/// Takes a message apart into tokens. What cannot be a fixed word is a hole from the start: texts without a space in which letters are
/// joined by
/// <c>- _ . / @ : = \ # &amp; ? % + ~</c> or mixed with digits or with anything that is not ASCII; numbers of more than four digits,
/// those in groups (<c>4111 1111 1111 1111</c>) too; what stands in quotation marks.
/// </summary>
internal ref struct MessageScanner
{
    /// <summary>Most digits that a number may have, alone or in groups: five are a postcode, eight a telephone number.</summary>
    public const int MaxDigits = 4;

    /// <summary>Tokens that a message has beside those of its characters: its two edges.</summary>
    public const int Edges = 2;

    // An apostrophe and one or two letters end a word (it's, can't); O'Brien is a name.
    private const int MaxSuffix = 2;

    private const string Joiners = "-_./@:=\\#&?%+~";
    private const string SentenceEnds = ".:?";
    private static readonly Class[] Classes = AllClasses();

    private readonly ReadOnlySpan<char> text;
    private readonly Span<MessageToken> tokens;
    private int count;

    private MessageScanner(ReadOnlySpan<char> text, Span<MessageToken> tokens)
    {
        this.text = text;
        this.tokens = tokens;
    }

    private enum Class : byte { Foreign, Space, Letter, Digit, Joiner, Mark }

    /// <summary>
    /// Writes the tokens, an edge before and one behind them, and says how many there are: no more than the text has characters, and the
    /// edges.
    /// </summary>
    public static int Scan(ReadOnlySpan<char> text, Span<MessageToken> tokens)
    {
        var scanner = new MessageScanner(text, tokens);
        scanner.Split();
        scanner.HideQuoted();
        scanner.HideNumbers();
        return scanner.count;
    }

    private void Split()
    {
        tokens[count++] = new MessageToken(TokenKind.Edge, TokenHash.First, 0, 0);
        for (var at = 0; at < text.Length;)
        {
            switch (Of(text[at]))
            {
                case Class.Space:
                    at++;
                    break;
                case Class.Mark:
                    AddMarks(at, ++at);
                    break;
                default:
                    var end = EndOfRun(at);
                    AddRun(at, end);
                    at = end;
                    break;
            }
        }

        tokens[count++] = new MessageToken(TokenKind.Edge, TokenHash.Last, text.Length, text.Length);
    }

    // Behind what has no space in it; an apostrophe between two letters is part of it.
    private readonly int EndOfRun(int start)
    {
        for (var at = start + 1; at < text.Length; at++)
        {
            var isInside = Of(text[at]) switch
            {
                Class.Space => false,
                Class.Mark => text[at] == '\'' && at + 1 < text.Length
                    && char.IsAsciiLetter(text[at - 1]) && char.IsAsciiLetter(text[at + 1]),
                _ => true,
            };
            if (!isInside)
                return at;
        }

        return text.Length;
    }

    private void AddRun(int start, int end)
    {
        var next = end;
        while (end > start && SentenceEnds.Contains(text[end - 1]))
            end--;
        var core = text[start..end];
        switch (Kind(core))
        {
            case TokenKind.Hole:
                // name='…': the mark before a quotation stays, so that it is one in the result too.
                var last = end;
                if (end < text.Length && text[end] is '\'' or '"' or '`')
                    end = start + text[start..end].TrimEnd(Joiners).Length;
                Add(MessageToken.Hole(start, end));
                AddMarks(end, last);
                end = last;
                break;
            case TokenKind.Mark:
                AddMarks(start, end);
                break;
            case TokenKind.Number:
                Add(new MessageToken(TokenKind.Number, TokenHash.Of(core), start, end));
                break;
            default:
                var hash = TokenHash.Of(core);
                Add(new MessageToken(FixedWords.Kind(hash), hash, start, end));
                break;
        }

        AddMarks(end, next);
    }

    private static TokenKind Kind(ReadOnlySpan<char> core)
    {
        int letters = 0, digits = 0, apostrophe = -1;
        for (var i = 0; i < core.Length; i++)
        {
            switch (Of(core[i]))
            {
                case Class.Letter:
                    letters++;
                    break;
                case Class.Digit:
                    digits++;
                    break;
                case Class.Mark when apostrophe < 0:
                    apostrophe = i;
                    break;
                case Class.Joiner:
                    break;
                default:
                    return TokenKind.Hole;
            }
        }

        if (letters == 0 && digits == 0)
            return TokenKind.Mark;
        if (digits == core.Length)
            return digits <= MaxDigits ? TokenKind.Number : TokenKind.Hole;
        if (letters + (apostrophe < 0 ? 0 : 1) != core.Length || (apostrophe >= 0 && core.Length - apostrophe - 1 > MaxSuffix))
            return TokenKind.Hole;
        return TokenKind.Word;
    }

    private void AddMarks(int start, int end)
    {
        for (; start < end; start++)
            Add(new MessageToken(TokenKind.Mark, TokenHash.Of(text.Slice(start, 1)), start, start + 1));
    }

    private void Add(MessageToken token) => count = Append(tokens, count, token);

    /// <summary>Writes a token behind others; holes side by side are one. Says how many there are then.</summary>
    public static int Append(Span<MessageToken> tokens, int count, MessageToken token)
    {
        if (token.Kind == TokenKind.Hole && count > 0 && tokens[count - 1].Kind == TokenKind.Hole)
        {
            tokens[count - 1] = MessageToken.Hole(tokens[count - 1].Start, token.End);
            return count;
        }

        tokens[count] = token;
        return count + 1;
    }

    // What is quoted is a value. What never closes goes to the end.
    private void HideQuoted()
    {
        var kept = 0;
        for (var at = 0; at < count; at++)
        {
            tokens[kept++] = tokens[at];
            if (!Opens(tokens[at]))
                continue;
            var close = Close(at);
            if (close > at + 1)
                tokens[kept++] = MessageToken.Hole(tokens[at + 1].Start, tokens[close - 1].End);
            tokens[kept++] = tokens[close];
            at = close;
        }

        count = kept;
    }

    // A quotation mark behind a letter, a digit or a hole closes something, or is an apostrophe; so is one before a space.
    private readonly bool Opens(MessageToken token)
    {
        var (mark, at) = (token.Kind == TokenKind.Mark ? text[token.Start] : '\0', token.Start);
        return mark is '\'' or '"' or '`' && (at == 0 || Of(text[at - 1]) is not (Class.Letter or Class.Digit or Class.Foreign))
            && (mark != '\'' || (at + 1 < text.Length && Of(text[at + 1]) != Class.Space));
    }

    // The token that closes the quotation that opens here, or the message's edge. One before a letter or a digit closes nothing ('it's').
    private readonly int Close(int open)
    {
        var mark = text[tokens[open].Start];
        for (var at = open + 1; at < count - 1; at++)
        {
            var (kind, _, start, end) = tokens[at];
            if (kind == TokenKind.Mark && text[start] == mark && (end == text.Length || Of(text[end]) is not (Class.Letter or Class.Digit)))
                return at;
        }

        return count - 1;
    }

    // Numbers with nothing but marks between them are one number.
    private void HideNumbers()
    {
        var kept = 0;
        for (var at = 0; at < count; at++)
        {
            var (last, digits) = (at, 0);
            for (var next = at; tokens[at].Kind == TokenKind.Number && tokens[next].Kind is TokenKind.Number or TokenKind.Mark; next++)
            {
                if (tokens[next].Kind != TokenKind.Number)
                    continue;
                digits += tokens[next].End - tokens[next].Start;
                last = next;
            }

            if (digits <= MaxDigits)
            {
                // The group as it is: a part of it would be looked at again.
                for (; at < last; at++)
                    kept = Append(tokens, kept, tokens[at]);
                kept = Append(tokens, kept, tokens[at]);
                continue;
            }

            kept = Append(tokens, kept, MessageToken.Hole(tokens[at].Start, tokens[last].End));
            at = last;
        }

        count = kept;
    }

    private static Class Of(char c) => c < 128 ? Classes[c] : char.IsWhiteSpace(c) ? Class.Space : Class.Foreign;

    private static Class[] AllClasses()
    {
        var classes = new Class[128];
        for (var c = 0; c < classes.Length; c++)
            classes[c] = ClassOf((char)c);
        return classes;
    }

    private static Class ClassOf(char c) =>
        char.IsWhiteSpace(c) ? Class.Space
        : char.IsAsciiLetter(c) ? Class.Letter
        : char.IsAsciiDigit(c) ? Class.Digit
        : Joiners.Contains(c) ? Class.Joiner
        : char.IsControl(c) ? Class.Foreign
        : Class.Mark;
}
