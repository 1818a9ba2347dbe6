namespace Collector.Policy.Text;

/// <summary>Takes everything out of user agents that is no known product. For now it knows none.</summary>
internal static class UserAgent
{
    public static string Clean(ReadOnlySpan<char> text) => "";
}
