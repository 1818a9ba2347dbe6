namespace Collector.Policy;

/// <summary>
/// Normalises credentials. Tokens often come from files that end with a line feed, or from variables that still contain the quotes.
/// </summary>
internal static class CredentialText
{
    /// <summary>
    /// The credential without surrounding white space, quotes and byte order marks. Every route that takes a credential uses this method.
    /// </summary>
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> credential)
    {
        while (!credential.IsEmpty && IsAround(credential[0])) credential = credential[1..];
        while (!credential.IsEmpty && IsAround(credential[^1])) credential = credential[..^1];
        return credential;
    }

    private static bool IsAround(char c) =>
        char.IsWhiteSpace(c) || c is '"' or '\'' or '`' or '\u2018' or '\u2019' or '\u201c' or '\u201d' or '\ufeff' or '\u200b';
}
