namespace Collector.Redaction;

/// <summary>
/// The closed list of error types: every exception that botocore's service descriptions name, every code that moto answers with, and the
/// exceptions of botocore and of Python themselves (tests/Shared/corpus/error-names). It is embedded as hashes
/// (<c>catalog/error-types.bin</c>): a name that is not one of its 2,900 is taken for one of them once in 24 million names.
/// </summary>
internal static class ErrorTypes
{
    /// <summary>What any other error type is kept as.</summary>
    public const string Other = "other";

    private const int MaxLength = 96;

    private static readonly HashList Listed = HashList.Embedded("error-types.bin");

    /// <summary>
    /// The type as it is written when it is listed or an HTTP status (S3 answers a HEAD with <c>404</c>), else <see cref="Other"/>.
    /// </summary>
    public static string Clean(ReadOnlySpan<char> type) => IsStatus(type) || IsListed(type) ? type.ToString() : Other;

    /// <summary>Whether the list has exactly this name.</summary>
    public static bool IsListed(ReadOnlySpan<char> type) => type.Length is > 0 and <= MaxLength && Listed.Contains(TokenHash.OfExact(type));

    // 400 to 599.
    private static bool IsStatus(ReadOnlySpan<char> text) =>
        text is ['4' or '5', var tens, var ones] && char.IsAsciiDigit(tens) && char.IsAsciiDigit(ones);
}
