using System.Globalization;
using System.Text.RegularExpressions;

namespace Collector.Tests.Unit.Architecture;

/// <summary>
/// No line of C# is longer than .editorconfig allows, except for strings: a string that is broken to fit cannot be searched for. The
/// compiler does not check this.
/// </summary>
public sealed partial class LineLengthTests
{
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
            where !Generated().IsMatch(path)
            from line in WithoutTexts(File.ReadLines(file)).Select((text, i) => (text.Length, Number: i + 1))
            where line.Length > most
            select $"{path}:{line.Number} has {line.Length} characters";
        Assert.Empty(longer);
    }

    [Fact]
    public void Only_strings_are_left_out()
    {
        Assert.Equal(
            ["var a = \"\"; // more", "var b = ", "", ";", "var c = \"\" + \"\";"],
            WithoutTexts(["var a = \"text\"; // more", "var b = \"\"\"", "text", "\"\"\";", "var c = \"a \\\" b\" + \"c\";"]));
    }

    // Replaces each quoted string by an empty one, and drops the lines of raw strings.
    private static IEnumerable<string> WithoutTexts(IEnumerable<string> lines)
    {
        var isRaw = false;
        foreach (var line in lines)
        {
            var parts = line.Split("\"\"\"");
            var code = string.Concat(parts.Where((_, i) => (i % 2 == 0) != isRaw));
            if (parts.Length % 2 == 0) isRaw = !isRaw;
            yield return Quoted().Replace(code, "\"\"");
        }
    }

    [GeneratedRegex("\"(\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\[\*\.cs\]$(?:\n(?!\[).*)*?\nmax_line_length = (\d+)$", RegexOptions.Multiline)]
    private static partial Regex MaxLength();

    [GeneratedRegex("(^|/)(bin|obj|node_modules)/")]
    private static partial Regex Generated();
}
