using System.Text.RegularExpressions;

namespace Collector.Tests.Unit.Documents;

/// <summary>A Markdown document of this repository, and its references.</summary>
/// <param name="path">Its full path.</param>
/// <param name="content">Its content; null reads the file.</param>
internal sealed partial class MarkdownFile(string path, string? content = null)
{
    private string? text = content;

    /// <summary>Relative to the repository's root, as in <c>docs/protocol.md</c>.</summary>
    public string Name { get; } = Path.GetRelativePath(Repository.Root, path);

    public string Text => text ??= File.ReadAllText(path);

    /// <summary>The documents for readers: those in the root folder and all in docs/.</summary>
    public static IReadOnlyList<MarkdownFile> All { get; } =
    [
        .. Directory.GetFiles(Repository.Root, "*.md").Concat(Directory.GetFiles(InRoot("docs"), "*.md", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal).Select(file => new MarkdownFile(file)),
    ];

    public static MarkdownFile Named(string name) => new(InRoot(name));

    public static string InRoot(string name) => Path.Combine(Repository.Root, name);

    /// <summary>The targets of links into this repository, each with its file and the heading after <c>#</c>.</summary>
    public IEnumerable<(string Target, string File, string Anchor)> Links() =>
        from match in Link().Matches(WithoutFences)
        let target = match.Groups[1].Value
        where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
        let parts = target.Split('#', 2)
        let file = parts[0].Length == 0 ? path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, parts[0]))
        select (target, file, parts.ElementAtOrDefault(1) ?? "");

    /// <summary>
    /// Paths in code spans that begin with a folder of the root, as in <c>functions/App.cs</c>; not build outputs, nor paths with a
    /// placeholder or a star.
    /// </summary>
    public IEnumerable<string> Paths() => Code().Matches(Text).SelectMany(code => PathInCode().Matches(code.Value))
        .Select(match => match.Value).Where(name => !name.Contains("/bin/", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);

    /// <summary>The test classes that code spans name, each with the method after the dot, if there is one.</summary>
    public IEnumerable<(string Class, string Method)> Tests() => Code().Matches(Text).SelectMany(code => TestInCode().Matches(code.Value))
        .Select(match => (match.Groups[1].Value, match.Groups[2].Value)).Distinct();

    /// <summary>The anchors of its headings, as GitHub derives them: lower case, dashes for spaces, no punctuation.</summary>
    public IEnumerable<string> Anchors() => Headings()
        .Select(heading => NotInAnchors().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>The texts of its headings at this level (null: all levels), without the markup of code and links.</summary>
    public IEnumerable<string> Headings(int? level = null) => Heading().Matches(WithoutFences)
        .Where(match => level is null || match.Groups[1].Length == level)
        .Select(match => LinkText().Replace(match.Groups[2].Value, "$1").Replace("`", "", StringComparison.Ordinal).Trim());

    /// <summary>The contents of its code blocks in this language.</summary>
    public IEnumerable<string> Fences(string language) => Fence().Matches(Text)
        .Where(match => match.Value.StartsWith($"```{language}\n", StringComparison.Ordinal))
        .Select(match => match.Value[(language.Length + 4)..^3]);

    private string WithoutFences => Fence().Replace(Text, "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<![\w./<-])(?:functions|infra|tests|docs|\.github)/[\w./-]*\w(?![\w]*[*<{])")]
    private static partial Regex PathInCode();

    [GeneratedRegex(@"\b([A-Z]\w*Tests)\b(?:\.([A-Z]\w+))?")]
    private static partial Regex TestInCode();

    [GeneratedRegex(@"^(#{1,6}) +(.+?) *$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}
