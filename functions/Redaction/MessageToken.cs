namespace Collector.Redaction;

/// <summary>A token of a message, with its part of the text.</summary>
internal struct MessageToken(TokenKind kind, ulong hash, int start, int end)
{
    /// <summary>Its <see cref="TokenHash"/>.</summary>
    public readonly ulong Hash = hash;

    /// <summary>The start of its text, in UTF-16 code units.</summary>
    public readonly int Start = start;

    /// <summary>The end of its text, exclusive.</summary>
    public readonly int End = end;

    public readonly TokenKind Kind = kind;

    /// <summary>Whether the run of three tokens with this one in the middle is known.</summary>
    public RunState Run;

    /// <summary>Whether it becomes a hole at the end of this pass.</summary>
    public bool IsHidden;

    /// <summary>Whether it is kept only if it is known. Punctuation marks are always kept.</summary>
    public readonly bool IsText => Kind >= TokenKind.Number;

    public static MessageToken Hole(int start, int end) => new(TokenKind.Hole, TokenHash.Hole, start, end);

    /// <summary>The beginning or the end of the message, which is never the middle of a run.</summary>
    public static MessageToken Edge(ulong hash, int at) => new(TokenKind.Edge, hash, at, at) { Run = RunState.Unknown };
}
