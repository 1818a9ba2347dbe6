using System.Text.RegularExpressions;

namespace Collector.Redaction;

/// <summary>
/// The label values of LocalStack's own counters: runtimes, package and invocation types, resource types, AWS services and operations, and
/// the words of <c>catalog/metric-label-values.txt</c>. Any other value may be a user's own name and is kept as <see cref="Other"/>.
/// </summary>
internal static partial class MetricLabel
{
    /// <summary>The name under which an unknown label, or an unknown value of a label, is counted.</summary>
    public const string Other = "other";

    public const string True = "true";
    public const string False = "false";

    private static readonly SortedLines Values = SortedLines.Embedded("metric-label-values.txt");

    /// <summary>The value if it is known; otherwise <see cref="Other"/>.</summary>
    public static string Value(ReadOnlySpan<char> text) => IsKnown(text) ? text.ToString() : Other;

    private static bool IsKnown(ReadOnlySpan<char> text) =>
        Values.Contains(text) || AwsCatalog.IsService(text) || AwsCatalog.IsOperationName(text)
        || IsServiceOfAws(text) || Shapes().IsMatch(text);

    // "aws:sqs", "AWS:lambda": the source or target of an event.
    private static bool IsServiceOfAws(ReadOnlySpan<char> text) =>
        text.StartsWith("aws:", StringComparison.OrdinalIgnoreCase) && AwsCatalog.IsService(text[4..]);

    // A Lambda runtime, or a CloudFormation resource type. The prefix AWS:: is reserved for AWS.
    [GeneratedRegex(
        @"^(?:python[23]\.[0-9]{1,2}|nodejs[0-9]{0,2}(?:\.(?:x|[0-9]{1,2}(?:-edge)?))?|java[0-9]{1,2}(?:\.al2)?"
            + @"|dotnet(?:core)?[0-9]{1,2}(?:\.[0-9])?|ruby[0-9]\.[0-9]|go1\.x|provided(?:\.al[0-9]{1,4})?|AWS::[A-Z][A-Za-z0-9]{1,39}::[A-Z][A-Za-z0-9]{1,63})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shapes();
}
