namespace Collector.Policy;

/// <summary>
/// A credential as it was meant: tokens come from files that end in a line feed and from variables with their quotes still on.
/// </summary>
internal static class CredentialText
{
    /// <summary>
    /// The credential without white space, quotes and byte order marks around it. Every route that takes a credential takes this of it.
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
