using System.Text.RegularExpressions;

namespace Collector.Tests.Unit.Documents;

/// <summary>The links, files and tests that documents refer to exist.</summary>
public sealed partial class ReferenceTests
{
    public static TheoryData<string> Documents() => [.. MarkdownFile.All.Select(document => document.Name)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_leads_to_a_file_and_a_heading(string name)
    {
        var broken = MarkdownFile.Named(name).Links()
            .Where(link => !LeadsSomewhere(link.File, link.Anchor)).Select(link => link.Target).ToList();
        Assert.True(broken.Count == 0, $"{name} has broken links: {string.Join(", ", broken)}");
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_path_in_code_exists(string name)
    {
        // The changelog may name files that a later release removed.
        if (name == "CHANGELOG.md") return;
        var missing = MarkdownFile.Named(name).Paths()
            .Where(path => !File.Exists(MarkdownFile.InRoot(path)) && !Directory.Exists(MarkdownFile.InRoot(path))).ToList();
        Assert.True(missing.Count == 0, $"{name} names missing files: {string.Join(", ", missing)}");
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_named_test_exists(string name)
    {
        var missing = MarkdownFile.Named(name).Tests().Where(test => !Exists(test.Class, test.Method)).ToList();
        Assert.True(missing.Count == 0, $"{name} names missing tests: {string.Join(", ", missing)}");
    }

    [Theory]
    [InlineData("[x](docs/nothing.md)", false)]
    [InlineData("[x](docs/owners.md#no-such-heading)", false)]
    [InlineData("[x](docs/owners.md)", true)]
    public void A_broken_link_is_found(string text, bool leads)
    {
        Assert.Equal(leads, InRoot(text).Links().All(link => LeadsSomewhere(link.File, link.Anchor)));
    }

    [Theory]
    [InlineData("`functions/Nothing.cs`", "functions/Nothing.cs")]
    [InlineData("run `infra/test.sh Unit --fast`.", "infra/test.sh")]
    [InlineData("`artifacts/functions/` and `functions/<room>/X.cs`", null)]
    public void A_path_is_found_in_code(string text, string? path)
    {
        Assert.Equal(path is null ? [] : [path], InRoot(text).Paths());
    }

    [Fact]
    public void A_missing_test_is_found()
    {
        Assert.True(Exists(nameof(ReferenceTests), nameof(A_missing_test_is_found)));
        Assert.False(Exists(nameof(ReferenceTests), "Nothing"));
        Assert.False(Exists("NoSuchTests", ""));
    }

    private static MarkdownFile InRoot(string text) => new(MarkdownFile.InRoot("made-up.md"), text);

    private static bool LeadsSomewhere(string file, string anchor) =>
        anchor.Length == 0
            ? File.Exists(file) || Directory.Exists(file)
            : File.Exists(file) && new MarkdownFile(file).Anchors().Contains(anchor);

    private static bool Exists(string type, string method) =>
        Sources.TryGetValue(type, out var files) && (method.Length == 0 || files.Exists(source => Regex.IsMatch(source, $@"\b{method}\(")));

    // The sources that declare each test class, by class name; several projects may use the same name.
    private static readonly Dictionary<string, List<string>> Sources =
        Directory.GetFiles(MarkdownFile.InRoot("tests"), "*Tests*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText)
            .SelectMany(source => TestClass().Matches(source).Select(match => (Name: match.Groups[1].Value, Source: source)))
            .GroupBy(test => test.Name, test => test.Source, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToList());

    [GeneratedRegex(@"\bclass (\w+Tests)\b")]
    private static partial Regex TestClass();
}
