namespace Collector.Policy.Text;

/// <summary>Takes names out of texts. For now it takes out everything.</summary>
internal static class Redactor
{
    public static string ErrorMessage(ReadOnlySpan<char> text) => "‹…›";

    public static string StackTrace(ReadOnlySpan<char> text) => "‹…›";
}
