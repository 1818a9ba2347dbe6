namespace Collector.Redaction;

/// <summary>The regions of all AWS partitions, as botocore's <c>partitions.json</c> lists them (<c>catalog/aws-regions.txt</c>).</summary>
internal static class AwsRegions
{
    /// <summary>The name under which any other region is kept.</summary>
    public const string Other = "other";

    private static readonly SortedLines Regions = SortedLines.Embedded("aws-regions.txt");

    /// <summary>The region when it is listed, else <see cref="Other"/>.</summary>
    public static string Clean(ReadOnlySpan<char> region) => Regions.Contains(region) ? region.ToString() : Other;
}
