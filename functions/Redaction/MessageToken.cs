namespace Collector.Redaction;

/// <summary>A token of a message and the part of the text that it stands for.</summary>
internal struct MessageToken(TokenKind kind, ulong hash, int start, int end)
{
    /// <summary>Its <see cref="TokenHash"/>.</summary>
    public readonly ulong Hash = hash;

    /// <summary>Where its text begins, in UTF-16 code units.</summary>
    public readonly int Start = start;

    /// <summary>Behind its text.</summary>
    public readonly int End = end;

    public readonly TokenKind Kind = kind;

    /// <summary>What is known of the run of three in whose middle it stands.</summary>
    public RunState Run;

    /// <summary>Whether it becomes a hole at the end of this pass.</summary>
    public bool IsHidden;

    /// <summary>Whether it must be known to stay; marks stay as they are.</summary>
    public readonly bool IsText => Kind >= TokenKind.Number;

    public static MessageToken Hole(int start, int end) => new(TokenKind.Hole, TokenHash.Hole, start, end);

    /// <summary>The beginning or the end of the message, which is in the middle of no run.</summary>
    public static MessageToken Edge(ulong hash, int at) => new(TokenKind.Edge, hash, at, at) { Run = RunState.Unknown };
}
