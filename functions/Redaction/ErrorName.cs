namespace Collector.Redaction;

/// <summary>
/// The shape of AWS's and Python's error names: <c>ResourceNotFoundException</c>, <c>KeyError</c>,
/// <c>AWS.SimpleQueueService.NonExistentQueue</c>, <c>InvalidInstanceID.NotFound</c>. Each is CamelCase, and every word in it is
/// one of the vocabulary, or it is one of AWS's own as it stands (<c>error-names.txt</c>: <c>AuthFailure</c>): a class of somebody's own whose name has
/// other words is none.
/// </summary>
internal static class ErrorName
{
    private const int MaxLength = 96;

    // What the vocabulary doesn't spell of the names in botocore's service descriptions, and of those that moto answers with: whole names, since what
    // else is in them (Bill, White) may be anybody's.
    private static readonly HashedLines Own = new(SortedLines.Embedded("error-names.txt"));

    /// <summary>Whether the text is an error's name: one of Python's, or with one of the endings, or with dots.</summary>
    public static bool Is(ReadOnlySpan<char> text) => Is(text, ErrorVocabulary.Look(text));

    /// <summary>As <see cref="Is(ReadOnlySpan{char})"/>, where the text was looked up already.</summary>
    public static bool Is(ReadOnlySpan<char> text, WordFacts facts)
    {
        if (facts.IsErrorType)
            return true;
        if (text.Length is 0 or > MaxLength || !char.IsAsciiLetterUpper(text[0]))
            return false;
        if (text.EndsWith("Exception") || text.EndsWith("Error") || text.EndsWith("Fault"))
            return CamelWords(text) > 1 || Own.Contains(text);
        return text.Contains('.') && (IsDottedCode(text) || Own.Contains(text));
    }

    /// <summary>
    /// Whether the text is an error code as a service answers it: CamelCase words of the vocabulary, in parts by dots or colons
    /// (<c>NoSuchBucket</c>, <c>Client.InvalidParameterValue</c>), one of AWS's own, or a short number (S3 answers a HEAD with <c>404</c>).
    /// </summary>
    public static bool IsCode(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > MaxLength)
            return false;
        if (text.Length <= 3 && !text.ContainsAnyExceptInRange('0', '9'))
            return true;
        foreach (var part in text.SplitAny('.', ':'))
        {
            if (CamelWords(text[part]) == 0)
                return Own.Contains(text);
        }

        return true;
    }

    /// <summary>How many words of the vocabulary this CamelCase text is made of; 0 when any of its parts is none.</summary>
    public static int CamelWords(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (!text.IsEmpty)
        {
            var length = FirstWord(text);
            if (length == 0 || !ErrorVocabulary.Look(text[..length]).IsPart)
                return 0;
            text = text[length..];
            count++;
        }

        return count;
    }

    // "AWS." and at least one more part, or a part of several words in front: "Data.Store" is a name, "InvalidVpcID.NotFound" an error.
    private static bool IsDottedCode(ReadOnlySpan<char> text)
    {
        int parts = 0, compound = 0;
        var aws = text.StartsWith("AWS.");
        foreach (var range in text.Split('.'))
        {
            var words = CamelWords(text[range]);
            if (words == 0)
                return false;
            parts++;
            compound += words > 1 ? 1 : 0;
        }

        return parts <= 4 && compound >= 1 && (aws || compound == parts);
    }

    // A capital with the small letters behind it (Queue), or capitals up to the one that begins the next word (ID, AWS, the VPC of VPCId).
    private static int FirstWord(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiLetterUpper(text[0]))
            return 0;
        var end = 1;
        while (end < text.Length && char.IsAsciiLetterUpper(text[end]))
            end++;
        if (end > 1)
            return end < text.Length && char.IsAsciiLetterLower(text[end]) ? end - 1 : end;
        while (end < text.Length && char.IsAsciiLetterLower(text[end]))
            end++;
        return end;
    }
}
