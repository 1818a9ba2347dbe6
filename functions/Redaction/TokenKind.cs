namespace Collector.Redaction;

/// <summary>What a token of a message is. The order counts: from <see cref="Number"/> on it has to be known to stay.</summary>
internal enum TokenKind : byte
{
    /// <summary>What cannot be a fixed word, or is not known where it stands.</summary>
    Hole,

    /// <summary>The beginning or the end of the message.</summary>
    Edge,

    /// <summary>One ASCII character that is neither letter nor digit.</summary>
    Mark,

    /// <summary>Up to four digits.</summary>
    Number,

    /// <summary>A word that may be a name.</summary>
    Word,

    /// <summary>A word of content that may follow a hole (<c>‹…› failed</c>).</summary>
    Follower,

    /// <summary>A word of grammar (<c>the</c>, <c>is</c>), which may follow a hole and is no name.</summary>
    Function,
}
