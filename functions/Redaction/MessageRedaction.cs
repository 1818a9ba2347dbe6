using System.Buffers;
using System.Runtime.CompilerServices;

namespace Collector.Redaction;

/// <summary>
/// Keeps a word of a message only where it is known to stand: in a run of three tokens that AWS or one of its emulators writes
/// (<c>catalog/error-runs.bin</c>). All other words become holes. Adjacent holes merge and count as one token, by which other runs become
/// unknown, so this is repeated until nothing changes. Punctuation stays.
/// <para>
/// Beside a hole, a colon, a comma or a bracket, where names stand, one known run is not enough (<see cref="IsKnownHere"/>). Of messages
/// whose names are ordinary words, one in a hundred then keeps a word of a name; without this rule it is one in eight.
/// </para>
/// </summary>
internal ref struct MessageRedaction
{
    // Most messages are done after three passes. Of one that is not done after this many, only the punctuation stays.
    private const int MaxPasses = 32;

    // Tokens for which there is room on the stack: most messages have fewer characters.
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
    /// The redacted message, of at most <paramref name="maxLength"/> characters; what is longer ends with a mark for the rest.
    /// </summary>
    /// <param name="text">The message.</param>
    /// <param name="maxLength">The longest result, in UTF-16 code units.</param>
    /// <param name="kept">Empty, or as long as the message: then each entry says whether its character was kept.</param>
    /// <param name="runs">The known runs, where they are not the embedded ones.</param>
    [SkipLocalsInit]
    public static string Run(ReadOnlySpan<char> text, int maxLength, Span<bool> kept = default, HashList? runs = null)
    {
        text = text.TrimEnd();
        var isCut = text.Length > Redactor.MaxMessageInput;
        if (isCut)
            text = WholeWords(text[..Redactor.MaxMessageInput]);
        // One more hole, for what was cut.
        var most = text.Length + MessageScanner.Edges + 1;
        var rented = most > FewTokens ? ArrayPool<MessageToken>.Shared.Rent(most) : null;
        Span<MessageToken> tokens = rented ?? stackalloc MessageToken[FewTokens];
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
            if (rented is not null)
                ArrayPool<MessageToken>.Shared.Return(rented);
        }
    }

    // The text before the cut may end with the beginning of a name that looks like a word.
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

    // A word that no run has becomes a hole anyway. As a hole from the start it shows its neighbours what they really stand beside.
    private void HideStrange()
    {
        LookUp();
        var tokens = this.tokens[..count];
        var isChanged = false;
        for (var at = 1; at < tokens.Length - 1; at++)
        {
            ref var token = ref tokens[at];
            // A word of a known run is in the list by itself too.
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

    // One pass; returns whether it has made a hole.
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

    // Looks up those runs of which a token has changed since they were last looked up.
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

    // Whether enough of the three runs that hold the token are known, for the place where it stands.
    private readonly bool IsKnownHere(in MessageToken before, in MessageToken token, in MessageToken next)
    {
        // The run that ends with the token, the one that has it in the middle and the one that begins with it.
        var behind = before.Run == RunState.Known;
        var around = token.Run == RunState.Known;
        var ahead = next.Run == RunState.Known;
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

    // The character of a punctuation mark; 0 for any other token.
    private readonly char Mark(in MessageToken token) => token.Kind == TokenKind.Mark ? text[token.Start] : '\0';

    // Makes one hole of this token and all that follow it.
    private void HideFrom(int from)
    {
        // At the text's end, so that it is written with a space before it: without one it would look like a part of the last word.
        var hole = MessageToken.Hole(text.Length, text.Length);
        var edge = tokens[count - 1];
        tokens[from - 1].Run = RunState.Open;
        count = MessageScanner.Append(tokens, from, hole);
        tokens[count++] = edge;
    }

    // Whether the result fits. If not, also the first token that has to go, so that a mark fits after the ones before it.
    private readonly bool Fits(int maxLength, out int fitting)
    {
        fitting = 1;
        // A mark may be longer than what it stands for, and have a space before it.
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
                // Tokens that stand in the result as they stand in the text are copied together.
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

    // Whether the next token is kept too, with nothing or one space between the two.
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
