namespace Collector.Redaction;

/// <summary>What a word of an error message says about the word behind it; the letters of <c>catalog/word-roles.tsv</c>.</summary>
[Flags]
internal enum WordRole : byte
{
    None = 0,

    /// <summary><c>k</c>: a kind of thing, behind which its name may stand ("queue", "name", "id").</summary>
    Kind = 1,

    /// <summary><c>f</c>: may follow a kind or a name and is none ("does", "already", "with").</summary>
    Follower = 2,

    /// <summary><c>h</c>: may follow a kind, as the head of a compound ("bucket policy").</summary>
    Head = 4,

    /// <summary><c>a</c>: may follow a kind or a name, capitalised too ("role ARN", "Table ID").</summary>
    Attribute = 32,

    /// <summary><c>n</c>: always followed by a name ("named").</summary>
    Naming = 8,

    /// <summary><c>p</c>: with a colon behind it, followed by prose and not by a name ("constraint:").</summary>
    ProseLabel = 16,
}
