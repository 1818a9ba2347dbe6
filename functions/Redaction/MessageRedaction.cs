using System.Buffers;
using System.Runtime.CompilerServices;

namespace Collector.Redaction;

/// <summary>
/// Keeps the words of a message that stand where they are known to stand: in a run of three tokens that AWS or an emulator of it has
/// written (<c>catalog/error-runs.bin</c>). All others become holes, holes side by side become one and count as a token, and that is
/// repeated until nothing changes. Marks stay.
/// <para>
/// Beside a hole, a colon, a comma or a bracket, where names stand, one known run is not enough (<see cref="IsKnownHere"/>). Of messages
/// whose names are ordinary words, one in a hundred then keeps a word of a name, and not one in eight.
/// </para>
/// </summary>
internal ref struct MessageRedaction
{
    // A message is done after three passes, as a rule. Of one that is not done after so many nothing stays but its marks.
    private const int MaxPasses = 32;

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
        if (isCut)
            HideFrom(count - 1);
    }

    /// <summary>
    /// The redacted message, of at most <paramref name="maxLength"/> characters; what is longer ends with a mark for the rest.
    /// </summary>
    /// <param name="text">The message.</param>
    /// <param name="maxLength">The longest result, in UTF-16 code units.</param>
    /// <param name="kept">Empty, or as long as the message: then it is told which characters were kept.</param>
    /// <param name="runs">The known runs, where they are not the embedded ones.</param>
    [SkipLocalsInit]
    public static string Run(ReadOnlySpan<char> text, int maxLength, Span<bool> kept = default, HashList? runs = null)
    {
        text = text.TrimEnd();
        var isCut = text.Length > Redactor.MaxMessageInput;
        if (isCut)
            text = WholeWords(text[..Redactor.MaxMessageInput]);
        // A hole more, for what was cut.
        var tokens = ArrayPool<MessageToken>.Shared.Rent(text.Length + MessageScanner.Edges + 1);
        try
        {
            var redaction = new MessageRedaction(runs ?? Known, text, tokens, isCut);
            redaction.Hide();
            // What is cut becomes a hole, which may make other holes longer than the words that they stand for.
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
            ArrayPool<MessageToken>.Shared.Return(tokens);
        }
    }

    // What the cut goes through may look like a word and be the beginning of a name.
    private static ReadOnlySpan<char> WholeWords(ReadOnlySpan<char> text)
    {
        var end = text.Length;
        while (end > 0 && !char.IsWhiteSpace(text[end - 1]))
            end--;
        return text[..end].TrimEnd();
    }

    private void Hide()
    {
        HideStrange();
        for (var pass = 1; HideUnknown(pass > MaxPasses); pass++)
        {
        }
    }

    // Words that no run has would become holes anyway. As holes from the start they are what their neighbours are known to stand beside.
    private void HideStrange()
    {
        var kept = 0;
        for (var at = 0; at < count; at++)
        {
            var token = tokens[at];
            var isStrange = token.Kind is TokenKind.Word or TokenKind.Number && !runs.Contains(TokenHash.OfWord(token.Hash));
            kept = MessageScanner.Append(tokens, kept, isStrange ? MessageToken.Hole(token.Start, token.End) : token);
        }

        count = kept;
    }

    // One pass; says whether it has made a hole.
    private bool HideUnknown(bool isAll)
    {
        // The runs that end with a token, that have it in the middle and that begin with it.
        bool behind = false, around = false;
        var (kept, before) = (1, tokens[0]);
        var isChanged = false;
        var last = count - 1;
        for (var at = 1; at < last; at++)
        {
            var (token, next) = (tokens[at], tokens[at + 1]);
            if (at == 1)
                around = IsKnown(before, token, next);
            var ahead = at + 1 < last && IsKnown(token, next, tokens[at + 2]);
            var stays = !token.IsText || (!isAll && IsKnownHere(before, token, next, behind, around, ahead));
            kept = MessageScanner.Append(tokens, kept, stays ? token : MessageToken.Hole(token.Start, token.End));
            isChanged |= !stays;
            before = token;
            (behind, around) = (around, ahead);
        }

        tokens[kept++] = tokens[last];
        count = kept;
        return isChanged;
    }

    private readonly bool IsKnown(in MessageToken first, in MessageToken second, in MessageToken third) =>
        (first.IsText || second.IsText || third.IsText) && runs.Contains(TokenHash.OfRun(first.Hash, second.Hash, third.Hash));

    // Whether enough of the three runs that hold the token are known, for the place where it stands.
    private readonly bool IsKnownHere(
        in MessageToken before, in MessageToken token, in MessageToken next, bool behind, bool around, bool ahead)
    {
        var known = (behind ? 1 : 0) + (around ? 1 : 0) + (ahead ? 1 : 0);
        var isBehindHole = before.Kind == TokenKind.Hole;
        if (known == 0 || (isBehindHole && token.Kind < TokenKind.Follower))
            return false;
        // It may be a part of the name.
        if ((isBehindHole || next.Kind == TokenKind.Hole) && known < 2)
            return false;
        if (token.Kind == TokenKind.Function)
            return true;
        var (left, right) = (Mark(before), Mark(next));
        // A label's value, or one of a list.
        if (left is '[' or '{' || right is ']' or '}')
            return known == 3;
        if ((left is ':' or '=' or ',' || right is ',' || token.Kind == TokenKind.Number) && known < 2)
            return false;
        // A message begins with a capital, or with a name.
        if (before.Kind == TokenKind.Edge && char.IsAsciiLetterLower(text[token.Start]))
            return around && ahead && next.Kind != TokenKind.Function;
        // Two nouns side by side, or a noun and a mark, have to be known together: the second may be the name of the first.
        var isHeldLeft = behind || around
            || !(isBehindHole || before.Kind is TokenKind.Word or TokenKind.Follower || left is '\'' or '"' or '`' or '(');
        var isHeldRight = around || ahead || !(next.Kind == TokenKind.Hole || right is '\'' or '"' or '`' or ')');
        return isHeldLeft && isHeldRight;
    }

    // The character of a mark, else 0.
    private readonly char Mark(in MessageToken token) => token.Kind == TokenKind.Mark ? text[token.Start] : '\0';

    // Makes the tokens from this one on a hole.
    private void HideFrom(int from)
    {
        // At the text's end, so that it is written with a space before it: without one it would look like a part of the last word.
        var hole = MessageToken.Hole(text.Length, text.Length);
        var edge = tokens[count - 1];
        count = MessageScanner.Append(tokens, from, hole);
        tokens[count++] = edge;
    }

    // Whether the result is no longer than this; if not, the first token that has to go so that a mark fits behind the others.
    private readonly bool Fits(int maxLength, out int fitting)
    {
        fitting = 1;
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
            var (kind, _, start, end) = tokens[at];
            if (HasSpace(at))
                buffer[length++] = ' ';
            var part = kind == TokenKind.Hole ? Redactor.Mark : text[start..end];
            part.CopyTo(buffer[length..]);
            length += part.Length;
            if (!kept.IsEmpty && kind != TokenKind.Hole)
                kept[start..end].Fill(true);
        }

        return length;
    }
}
