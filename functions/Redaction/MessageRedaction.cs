using System.Buffers;
using System.Runtime.CompilerServices;

namespace Collector.Redaction;

/// <summary>
/// Keeps a word of a message only in a known context: in a run of three tokens that AWS or one of its emulators writes
/// (<c>catalog/error-runs.bin</c>). All other words become holes. Adjacent holes merge into one token, which makes other runs unknown, so
/// this is repeated until nothing changes. Punctuation is kept.
/// <para>
/// Next to a hole, a colon, a comma or a bracket, where names usually occur, one known run is not enough (<see cref="IsKnownHere"/>). With
/// this rule, one in a hundred messages with ordinary words as names keeps a word of a name; without it, one in eight.
/// </para>
/// </summary>
internal ref struct MessageRedaction
{
    // Most messages need at most three passes. If a message needs more than this, only its punctuation is kept.
    private const int MaxPasses = 32;

    // The number of tokens that are stored on the stack. Most messages have fewer characters.
    private const int FewTokens = 128;

    private static readonly HashList Known = HashList.Embedded("error-runs.bin");

    private readonly HashList runs;
    private readonly ReadOnlySpan<char> text;
    private readonly Span<MessageToken> tokens;
    private int count;

    private MessageRedaction(HashList runs, ReadOnlySpan<char> text, Span<MessageToken> tokens, bool isCut)
    {
        this.runs = runs;
        this.text = text;
        this.tokens = tokens;
        count = MessageScanner.Scan(text, tokens);
        HideStrange();
        if (isCut)
            HideFrom(count - 1);
    }

    /// <summary>
    /// The redacted message, of at most <paramref name="maxLength"/> characters. A longer message ends with a redaction mark for the rest.
    /// </summary>
    /// <param name="text">The message.</param>
    /// <param name="maxLength">The longest result, in UTF-16 code units.</param>
    /// <param name="kept">Empty, or as long as the message; then each entry is set to whether its character was kept.</param>
    /// <param name="runs">The known runs; null for the embedded ones.</param>
    [SkipLocalsInit]
    public static string Run(ReadOnlySpan<char> text, int maxLength, Span<bool> kept = default, HashList? runs = null)
    {
        text = text.TrimEnd();
        var isCut = text.Length > Redactor.MaxMessageInput;
        if (isCut)
            text = WholeWords(text[..Redactor.MaxMessageInput]);
        // One more token: the hole for the text that was cut.
        var most = text.Length + MessageScanner.Edges + 1;
        var rented = most > FewTokens ? ArrayPool<MessageToken>.Shared.Rent(most) : null;
        Span<MessageToken> tokens = rented ?? stackalloc MessageToken[FewTokens];
        try
        {
            var redaction = new MessageRedaction(runs ?? Known, text, tokens, isCut);
            redaction.Hide();
            // The text that is cut becomes a hole. This can make other words unknown, and a redaction mark may be longer than the words it
            // replaces.
            while (!redaction.Fits(maxLength, out var fitting))
            {
                redaction.HideFrom(fitting);
                redaction.Hide();
            }

            Span<char> buffer = stackalloc char[maxLength];
            return buffer[..redaction.Write(buffer, kept)].ToString();
        }
        finally
        {
            if (rented is not null)
                ArrayPool<MessageToken>.Shared.Return(rented);
        }
    }

    // Removes the last word, because the cut may have left the beginning of a name that looks like a word.
    private static ReadOnlySpan<char> WholeWords(ReadOnlySpan<char> text)
    {
        var end = text.Length;
        while (end > 0 && !char.IsWhiteSpace(text[end - 1]))
            end--;
        return text[..end].TrimEnd();
    }

    private void Hide()
    {
        for (var pass = 1; HideUnknown(pass > MaxPasses); pass++)
        {
        }
    }

    // A word that is in no known run becomes a hole anyway. It does so before the first pass, so that its neighbours are looked up with the
    // hole next to them.
    private void HideStrange()
    {
        LookUp();
        var tokens = this.tokens[..count];
        var isChanged = false;
        for (var at = 1; at < tokens.Length - 1; at++)
        {
            ref var token = ref tokens[at];
            // The list also contains each word of the known runs by itself.
            if (token.Kind is not (TokenKind.Word or TokenKind.Number)
                || token.Run == RunState.Known || tokens[at - 1].Run == RunState.Known || tokens[at + 1].Run == RunState.Known
                || runs.Contains(TokenHash.OfWord(token.Hash)))
            {
                continue;
            }

            token.IsHidden = true;
            isChanged = true;
        }

        if (isChanged)
            MergeHidden();
    }

    // Makes one pass and returns whether it created a hole.
    private bool HideUnknown(bool isAll)
    {
        LookUp();
        var tokens = this.tokens[..count];
        var isChanged = false;
        for (var at = 1; at < tokens.Length - 1; at++)
        {
            ref var token = ref tokens[at];
            if (!token.IsText || (!isAll && IsKnownHere(tokens[at - 1], token, tokens[at + 1])))
                continue;
            token.IsHidden = true;
            isChanged = true;
        }

        if (isChanged)
            MergeHidden();
        return isChanged;
    }

    private void MergeHidden()
    {
        var kept = 0;
        // Whether the token before this one has just become a hole.
        var isBehindNew = false;
        for (var at = 0; at < count; at++)
        {
            var token = tokens[at];
            if (token.IsHidden)
            {
                tokens[kept - 1].Run = RunState.Open;
                token = MessageToken.Hole(token.Start, token.End);
                isBehindNew = true;
            }
            else if (isBehindNew)
            {
                token.Run = RunState.Open;
                isBehindNew = false;
            }

            kept = MessageScanner.Append(tokens, kept, token);
        }

        count = kept;
    }

    // Looks up the runs with a token that has changed since the last lookup.
    private readonly void LookUp()
    {
        var tokens = this.tokens[..count];
        for (var at = 1; at < tokens.Length - 1; at++)
        {
            ref var token = ref tokens[at];
            if (token.Run != RunState.Open)
                continue;
            token.Run = IsKnown(tokens[at - 1], token, tokens[at + 1]) ? RunState.Known : RunState.Unknown;
        }
    }

    private readonly bool IsKnown(in MessageToken first, in MessageToken second, in MessageToken third) =>
        (first.IsText || second.IsText || third.IsText) && runs.Contains(TokenHash.OfRun(first.Hash, second.Hash, third.Hash));

    // Whether the token is kept. It is in three runs: as the last, the middle and the first token. At least one of them must be known. More
    // of them, or those that join the token to its neighbour, must be known where the token may be a name or a part of one: next to a hole,
    // a quotation mark, a bracket, a comma or another word, after a colon or an equals sign, at the start of the message, and for a number.
    private readonly bool IsKnownHere(in MessageToken before, in MessageToken token, in MessageToken next)
    {
        // The runs that end with the token, have it in the middle and begin with it.
        var behind = before.Run == RunState.Known;
        var around = token.Run == RunState.Known;
        var ahead = next.Run == RunState.Known;
        var known = (behind ? 1 : 0) + (around ? 1 : 0) + (ahead ? 1 : 0);
        var isBehindHole = before.Kind == TokenKind.Hole;
        // Directly after a hole, only fixed words are kept.
        if (known == 0 || (isBehindHole && token.Kind < TokenKind.Follower))
            return false;
        // Next to a hole: the token may be part of the hidden name.
        if ((isBehindHole || next.Kind == TokenKind.Hole) && known < 2)
            return false;
        if (token.Kind == TokenKind.Function)
            return true;
        var (left, right) = (Mark(before), Mark(next));
        // In brackets: the value of a label, or an entry of a list.
        if (left is '[' or '{' || right is ']' or '}')
            return known == 3;
        // A value after its label, an entry of a list, or a number.
        if ((left is ':' or '=' or ',' || right is ',' || token.Kind == TokenKind.Number) && known < 2)
            return false;
        // At the start of the message: a word in lower case is probably a name.
        if (before.Kind == TokenKind.Edge && char.IsAsciiLetterLower(text[token.Start]))
            return around && ahead && next.Kind != TokenKind.Function;
        // Next to a hole, a word, a quotation mark or a parenthesis: the token and its neighbour must be in the same known run, because one
        // may be the name of the other.
        var isHeldLeft = behind || around
            || !(isBehindHole || before.Kind is TokenKind.Word or TokenKind.Follower || left is '\'' or '"' or '`' or '(');
        var isHeldRight = around || ahead || !(next.Kind == TokenKind.Hole || right is '\'' or '"' or '`' or ')');
        return isHeldLeft && isHeldRight;
    }

    // The character of a punctuation mark; 0 for any other token.
    private readonly char Mark(in MessageToken token) => token.Kind == TokenKind.Mark ? text[token.Start] : '\0';

    // Replaces this token and all following ones by one hole.
    private void HideFrom(int from)
    {
        // The hole is at the end of the text, so that a space is written before it. Without the space it would look like part of the last
        // word.
        var hole = MessageToken.Hole(text.Length, text.Length);
        var edge = tokens[count - 1];
        tokens[from - 1].Run = RunState.Open;
        count = MessageScanner.Append(tokens, from, hole);
        tokens[count++] = edge;
    }

    // Whether the result fits. If not, also returns the first token that must be removed, so that a redaction mark fits after the tokens
    // before it.
    private readonly bool Fits(int maxLength, out int fitting)
    {
        fitting = 1;
        // A redaction mark may be longer than the text it replaces, and may have a space before it.
        if (text.Length + (count * (Redactor.Mark.Length + 1)) <= maxLength)
            return true;
        var length = 0;
        for (var at = 1; at < count - 1; at++)
        {
            length += Length(at);
            if (length > maxLength)
                return false;
            if (length + 1 + Redactor.Mark.Length <= maxLength)
                fitting = at + 1;
        }

        return true;
    }

    private readonly int Length(int at) =>
        (HasSpace(at) ? 1 : 0) + (tokens[at].Kind == TokenKind.Hole ? Redactor.Mark.Length : tokens[at].End - tokens[at].Start);

    private readonly bool HasSpace(int at)
    {
        var start = tokens[at].Start;
        return at > 1 && start > 0 && (start == text.Length || char.IsWhiteSpace(text[start - 1]));
    }

    private readonly int Write(Span<char> buffer, Span<bool> kept)
    {
        var length = 0;
        for (var at = 1; at < count - 1; at++)
        {
            if (HasSpace(at))
                buffer[length++] = ' ';
            var part = Redactor.Mark.AsSpan();
            if (tokens[at].Kind != TokenKind.Hole)
            {
                // Kept tokens with the same spacing in the text and in the result are copied together.
                var start = tokens[at].Start;
                while (IsFollowedInText(at))
                    at++;
                part = text[start..tokens[at].End];
                Tell(kept, start, tokens[at].End);
            }

            part.CopyTo(buffer[length..]);
            length += part.Length;
        }

        return length;
    }

    // Whether the next token is kept too, with no space or one space between the two.
    private readonly bool IsFollowedInText(int at)
    {
        ref readonly var next = ref tokens[at + 1];
        var end = tokens[at].End;
        return next.Kind >= TokenKind.Mark && (next.Start == end || (next.Start == end + 1 && text[end] == ' '));
    }

    private readonly void Tell(Span<bool> kept, int start, int end)
    {
        if (kept.IsEmpty)
            return;
        for (var at = start; at < end; at++)
            kept[at] = !char.IsWhiteSpace(text[at]);
    }
}
