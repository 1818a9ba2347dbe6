namespace Collector.Redaction;

/// <summary>
/// The closed list of error types: all exceptions in botocore's service descriptions, all error codes of moto, and the exceptions of
/// botocore and Python themselves (tests/Shared/corpus/error-names). It is embedded as hashes (<c>catalog/error-types.bin</c>): one in 24
/// million names that are not among its 2,900 is mistaken for one of them.
/// </summary>
internal static class ErrorTypes
{
    /// <summary>The name under which any other error type is kept.</summary>
    public const string Other = "other";

    private const int MaxLength = 96;

    private static readonly HashList Listed = HashList.Embedded("error-types.bin");

    /// <summary>
    /// The unchanged type if it is listed or an HTTP status (S3 answers a HEAD with <c>404</c>); otherwise <see cref="Other"/>.
    /// </summary>
    public static string Clean(ReadOnlySpan<char> type) => IsStatus(type) || IsListed(type) ? type.ToString() : Other;

    /// <summary>Whether the list contains exactly this name.</summary>
    public static bool IsListed(ReadOnlySpan<char> type) => type.Length is > 0 and <= MaxLength && Listed.Contains(TokenHash.OfExact(type));

    // 400 to 599.
    private static bool IsStatus(ReadOnlySpan<char> text) =>
        text is ['4' or '5', var tens, var ones] && char.IsAsciiDigit(tens) && char.IsAsciiDigit(ones);
}
