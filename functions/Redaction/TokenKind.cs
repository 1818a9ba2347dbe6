namespace Collector.Redaction;

/// <summary>The kind of a message's token. The order matters: from <see cref="Number"/> on, a token is kept only if it is known.</summary>
internal enum TokenKind : byte
{
    /// <summary>Text that cannot be a fixed word, or is not known in its context.</summary>
    Hole,

    /// <summary>The beginning or the end of the message.</summary>
    Edge,

    /// <summary>One ASCII character that is neither letter nor digit.</summary>
    Mark,

    /// <summary>Up to four digits.</summary>
    Number,

    /// <summary>A word that may be a name.</summary>
    Word,

    /// <summary>A content word that may follow a hole (<c>‹…› failed</c>).</summary>
    Follower,

    /// <summary>A function word (<c>the</c>, <c>is</c>), which may follow a hole and is not a name.</summary>
    Function,
}
