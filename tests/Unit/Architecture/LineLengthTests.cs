using System.Globalization;
using System.Text.RegularExpressions;

namespace Collector.Tests.Unit.Architecture;

/// <summary>No line of C# is longer than .editorconfig allows. The compiler does not check that.</summary>
public sealed partial class LineLengthTests
{
    // Folders that are still to be wrapped. The list only gets shorter.
    private static readonly string[] NotYet =
    [
        "functions/Counting/", "functions/Ingest/", "functions/Metrics/", "functions/Ownership/", "functions/Policy/",
        "functions/Redaction/", "functions/Rollup/", "functions/Site/", "functions/Stacks/", "functions/Storage/", "functions/Usage/",
        "infra/Local/Demo/", "tests/Benchmarks/", "tests/EndToEnd/Page/", "tests/Fleet/", "tests/Integration/", "tests/Unit/Counting/",
        "tests/Unit/Ingest/", "tests/Unit/Policy/", "tests/Unit/Privacy/", "tests/Unit/Redaction/", "tests/Unit/Rollup/",
        "tests/Unit/Site/", "tests/Unit/Stacks/", "tests/Unit/Storage/", "tests/Unit/Usage/",
    ];

    [Fact]
    public void No_line_is_longer_than_the_editor_configuration_says()
    {
        var most = int.Parse(
            MaxLength().Match(File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig"))).Groups[1].ValueSpan,
            NumberStyles.None,
            CultureInfo.InvariantCulture);
        var longer =
            from folder in new[] { "functions", "infra", "tests" }
            from file in Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(Repository.Root, file)
            where !NotYet.Any(start => path.StartsWith(start, StringComparison.Ordinal)) && !Generated().IsMatch(path)
            from line in File.ReadLines(file).Select((text, i) => (text.Length, Number: i + 1))
            where line.Length > most
            select $"{path}:{line.Number} has {line.Length} characters";
        Assert.Empty(longer);
    }

    [GeneratedRegex(@"^\[\*\.cs\]$(?:\n(?!\[).*)*?\nmax_line_length = (\d+)$", RegexOptions.Multiline)]
    private static partial Regex MaxLength();

    [GeneratedRegex("(^|/)(bin|obj|node_modules)/")]
    private static partial Regex Generated();
}
