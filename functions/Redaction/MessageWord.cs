namespace Collector.Redaction;

/// <summary>What a chunk of a message is in itself.</summary>
internal enum WordKind
{
    /// <summary>Nothing known: it goes.</summary>
    Unknown,

    /// <summary>A word of the vocabulary, or a service's name.</summary>
    Word,

    /// <summary>A plain number of up to five digits.</summary>
    Number,

    /// <summary>An operation's name, alone or behind its service (<c>sqs:CreateQueue</c>).</summary>
    Operation,

    /// <summary>An error's name.</summary>
    Error,
}

/// <summary>Tells words that AWS wrote from all others.</summary>
internal static class MessageWord
{
    /// <summary>Longest number, in digits (issue 3); an account id has twelve.</summary>
    public const int MaxDigits = 5;

    /// <summary>
    /// What a chunk without the punctuation around it is, and what it says about its neighbours; <paramref name="tail"/> is the
    /// punctuation behind it.
    /// </summary>
    public static WordKind Classify(ReadOnlySpan<char> core, ReadOnlySpan<char> tail, out WordRole roles)
    {
        roles = WordRole.None;
        // "parameter(s)": its closing bracket counts as punctuation behind the word.
        if (core is [.., '(', 's'] && tail is [')', ..])
            return Classify(core[..^2], [], out roles);
        if (core is [.., '\'', 's'] && ErrorVocabulary.Look(core[..^2]).IsWord)
            return WordKind.Word;
        if (core.IsEmpty)
            return WordKind.Unknown;
        if (char.IsAsciiDigit(core[0]) && !core.ContainsAnyExceptInRange('0', '9'))
            return core.Length <= MaxDigits ? WordKind.Number : WordKind.Unknown;
        var facts = ErrorVocabulary.Look(core);
        if (ErrorName.Is(core, facts))
            return WordKind.Error;
        if (facts.IsWord)
        {
            roles = facts.Roles;
            return WordKind.Word;
        }

        if (char.IsAsciiLetterUpper(core[0]))
            return AwsCatalog.IsOperationName(core) ? WordKind.Operation : WordKind.Unknown;
        if (facts.IsService)
            return WordKind.Word;
        var colon = core.IndexOf(':');
        return colon >= 0 && ErrorVocabulary.Look(core[..colon]).IsService && AwsCatalog.Contains(core[..colon], core[(colon + 1)..])
            ? WordKind.Operation : WordKind.Unknown;
    }
}
