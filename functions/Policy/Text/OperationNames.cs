namespace Collector.Policy.Text;

/// <summary>The 14,473 distinct operation names of the catalog, whatever their service. Only the redaction of a text needs them.</summary>
internal static class OperationNames
{
    private static readonly HashedLines Names = new(SortedLines.Embedded("aws-operations.tsv"), behindTab: true);

    /// <summary>Whether any service has an operation of this name.</summary>
    public static bool Contains(ReadOnlySpan<char> word) => Names.Contains(word);
}
