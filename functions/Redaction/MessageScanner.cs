namespace Collector.Redaction;

/// <summary>
/// Splits a message into tokens. Text that cannot be a fixed word is a hole from the start: text without a space in which letters are
/// joined by <c>- _ . / @ : = \ # &amp; ? % + ~</c> or mixed with digits or non-ASCII characters; numbers of more than four digits, also in
/// groups (<c>4111 1111 1111 1111</c>); and quoted text.
/// </summary>
internal ref struct MessageScanner
{
    /// <summary>The most digits that a number may have, alone or in groups. Five may be a postcode, eight a telephone number.</summary>
    public const int MaxDigits = 4;

    /// <summary>The number of tokens that a message has in addition to those of its characters: its two edges.</summary>
    public const int Edges = 2;

    // A word may end with an apostrophe and one or two letters (it's, can't); O'Brien is a name.
    private const int MaxSuffix = 2;

    private const string Joiners = "-_./@:=\\#&?%+~";
    private const string SentenceEnds = ".:?";
    private static readonly Class[] Classes = AllClasses();

    private readonly ReadOnlySpan<char> text;
    private readonly Span<MessageToken> tokens;
    private int count;
    private int numbers;
    private bool isQuoted;

    private MessageScanner(ReadOnlySpan<char> text, Span<MessageToken> tokens)
    {
        this.text = text;
        this.tokens = tokens;
    }

    private enum Class : byte { Foreign, Space, Letter, Digit, Joiner, Mark }

    /// <summary>
    /// Writes the tokens, with an edge before and after them, and returns their number: at most one for each character and the two edges.
    /// </summary>
    public static int Scan(ReadOnlySpan<char> text, Span<MessageToken> tokens)
    {
        var scanner = new MessageScanner(text, tokens);
        scanner.Split();
        if (scanner.isQuoted)
            scanner.HideQuoted();
        // A number on its own is known to be short enough.
        if (scanner.numbers > 1)
            scanner.HideNumbers();
        return scanner.count;
    }

    private void Split()
    {
        tokens[count++] = MessageToken.Edge(TokenHash.First, 0);
        for (var at = 0; at < text.Length;)
        {
            switch (Of(text[at]))
            {
                case Class.Space:
                    at++;
                    break;
                case Class.Mark:
                    AddPunctuation(at, ++at);
                    break;
                default:
                    at = AddRun(at);
                    break;
            }
        }

        tokens[count++] = MessageToken.Edge(TokenHash.Last, text.Length);
    }

    // Adds the text up to the next space or punctuation mark (an apostrophe between two letters belongs to the text) and returns its end.
    private int AddRun(int start)
    {
        // A local variable, because the field would be read again for every character.
        var text = this.text;
        var end = EndOfLetters(text, start, out var hash);
        if (end > start && (end == text.Length || text[end] == ' '))
        {
            AddWord(start, end, hash);
            return end;
        }

        var endOfLetters = end;
        int letters = end - start, digits = 0, apostrophes = 0, apostrophe = 0;
        var isForeign = false;
        for (; end < text.Length; end++)
        {
            var c = text[end];
            var kind = Of(c);
            if (kind == Class.Space || (kind == Class.Mark && !IsApostrophe(end)))
                break;
            if (kind == Class.Letter)
            {
                letters++;
            }
            else if (kind == Class.Digit)
            {
                digits++;
            }
            else if (kind == Class.Mark)
            {
                apostrophes++;
                apostrophe = end;
            }
            else
            {
                isForeign |= kind == Class.Foreign;
            }
        }

        var next = end;
        while (end > start && SentenceEnds.Contains(text[end - 1]))
            end--;
        var length = end - start;
        if (letters == 0 && digits == 0 && !isForeign)
        {
            AddPunctuation(start, next);
            return next;
        }

        if (letters + apostrophes == length && (apostrophes == 0 || (apostrophes == 1 && end - apostrophe - 1 <= MaxSuffix)))
        {
            AddWord(start, end, end == endOfLetters ? hash : TokenHash.Of(text[start..end]));
        }
        else if (digits == length && digits <= MaxDigits)
        {
            tokens[count++] = new MessageToken(TokenKind.Number, TokenHash.Of(text[start..end]), start, end);
            numbers++;
        }
        else
        {
            // name='…': the mark before a quotation is kept, so that the quotation is recognised in the result too.
            if (end < text.Length && text[end] is '\'' or '"' or '`')
                end = start + text[start..end].TrimEnd(Joiners).Length;
            count = Append(tokens, count, MessageToken.Hole(start, end));
        }

        AddPunctuation(end, next);
        return next;
    }

    private void AddWord(int start, int end, ulong hash) =>
        tokens[count++] = new MessageToken(FixedWords.Kind(hash), hash, start, end);

    // Nearly all runs consist of letters only. They have a separate loop, whose few variables fit into registers.
    private static int EndOfLetters(ReadOnlySpan<char> text, int at, out ulong hash)
    {
        var letters = TokenHash.Empty;
        for (; at < text.Length && char.IsAsciiLetter(text[at]); at++)
            letters = TokenHash.With(letters, (char)(text[at] | 0x20));
        hash = letters;
        return at;
    }

    private readonly bool IsApostrophe(int at) => text[at] == '\'' && at + 1 < text.Length
        && char.IsAsciiLetter(text[at - 1]) && char.IsAsciiLetter(text[at + 1]);

    private void AddPunctuation(int start, int end)
    {
        for (; start < end; start++)
        {
            var mark = text[start];
            isQuoted |= mark is '\'' or '"' or '`';
            tokens[count++] = new MessageToken(TokenKind.Mark, TokenHash.With(TokenHash.Empty, mark), start, start + 1);
        }
    }

    /// <summary>Appends a token, merging adjacent holes, and returns the new number of tokens.</summary>
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

    // Quoted text is treated as a value. A quotation that is never closed ends with the text.
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

    // A quotation mark after a letter, a digit or a hole is a closing mark or an apostrophe, and so is a ' before a space.
    private readonly bool Opens(MessageToken token)
    {
        var (mark, at) = (token.Kind == TokenKind.Mark ? text[token.Start] : '\0', token.Start);
        return mark is '\'' or '"' or '`' && (at == 0 || Of(text[at - 1]) is not (Class.Letter or Class.Digit or Class.Foreign))
            && (mark != '\'' || (at + 1 < text.Length && Of(text[at + 1]) != Class.Space));
    }

    // The token that closes the quotation, or the message's edge. A mark before a letter or a digit does not close it ('it's').
    private readonly int Close(int open)
    {
        var mark = text[tokens[open].Start];
        for (var at = open + 1; at < count - 1; at++)
        {
            var token = tokens[at];
            if (token.Kind == TokenKind.Mark && text[token.Start] == mark
                && (token.End == text.Length || Of(text[token.End]) is not (Class.Letter or Class.Digit)))
                return at;
        }

        return count - 1;
    }

    // Numbers with only spaces and punctuation marks between them are treated as one number.
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
                // Keeps the whole group at once, so that no part of it is examined again.
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
