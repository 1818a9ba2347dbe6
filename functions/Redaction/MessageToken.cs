namespace Collector.Redaction;

/// <summary>A token of a message and the part of the text that it stands for.</summary>
internal readonly record struct MessageToken(TokenKind Kind, ulong Hash, int Start, int End)
{
    /// <summary>Whether it must be known to stay; marks stay as they are.</summary>
    public bool IsText => Kind >= TokenKind.Number;

    public bool IsWord => Kind >= TokenKind.Word;

    public static MessageToken Hole(int start, int end) => new(TokenKind.Hole, TokenHash.Hole, start, end);
}
