using System.Text;

namespace Collector.Policy.Text;

/// <summary>
/// Cuts a Python stack trace to the frames of LocalStack's and AWS's own packages (<c>catalog/trace-packages.txt</c>) and the
/// exception's type. Code of other packages, of users and of init scripts goes: a run of it becomes one mark. Source lines
/// always go.
/// <para>
/// A frame is told by its path (a listed package in <c>site-packages</c> or LocalStack's image), which the result no longer has, so
/// the result can't be cleaned again: the frames would go.
/// </para>
/// </summary>
internal static class TraceRedaction
{
    // Of a file's or function's name, in characters.
    private const int MaxName = 64;

    private static readonly SortedLines Packages = SortedLines.Embedded("trace-packages.txt");
    private static readonly string[] Roots = ["/site-packages/", "/dist-packages/"];

    // Where LocalStack's image has its own source; packages of users' extensions are elsewhere.
    private static readonly string[] Sources = ["/opt/code/localstack/localstack-core/", "/opt/code/localstack/"];
    private static readonly string[] PseudoFunctions = ["<module>", "<lambda>", "<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"];

    /// <summary>The redacted trace, lines with line feeds between them, the last ones where it is longer than the limit.</summary>
    public static string Run(ReadOnlySpan<char> text, int maxBytes)
    {
        if (text.Length > Redactor.MaxTraceInput)
        {
            text = text[^Redactor.MaxTraceInput..];
            text = text[(text.IndexOf('\n') + 1)..];
        }

        var lines = new List<string>();
        var end = Frames(text, lines);
        // A character is three bytes at most: whatever the cause says, it fits.
        lines.Add(Cause(text[end..], maxBytes / 4));
        return Join(lines, maxBytes);
    }

    // The frames; returns where the last of all frames ends, or the last line begins when there is none.
    private static int Frames(ReadOnlySpan<char> text, List<string> lines)
    {
        var last = text.LastIndexOf("File \"");
        var end = text.TrimEnd().LastIndexOf('\n') + 1;
        if (last >= 0)
        {
            var next = text[last..].IndexOf('\n');
            end = next < 0 ? text.Length : last + next + 1;
        }

        var isSource = false;
        foreach (var line in text[..end].EnumerateLines())
        {
            var frame = Frame(line.Trim());
            if (frame is not null)
                lines.Add(frame);
            else if (!line.IsWhiteSpace() && !line.StartsWith("Traceback ") && !(isSource && line.StartsWith("  ")))
                AddMark(lines);
            isSource = frame is not null || (isSource && line.StartsWith("    "));
        }

        return end;
    }

    // "file.py:line in function" of one of the packages, or null.
    private static string? Frame(ReadOnlySpan<char> line)
    {
        if (!line.StartsWith("File \""))
            return null;
        line = line["File \"".Length..];
        var quote = line.IndexOf('"');
        if (quote < 0 || !IsOwn(line[..quote]))
            return null;
        var path = line[..quote];
        var file = path[(path.LastIndexOfAny('/', '\\') + 1)..];
        line = line[(quote + 1)..];
        if (!line.StartsWith(", line ") || !file.EndsWith(".py") || !IsIdentifier(file[..^3]))
            return null;
        line = line[", line ".Length..];
        var comma = line.IndexOf(',');
        var number = comma < 0 ? line : line[..comma];
        if (number.Length is 0 or > 6 || number.ContainsAnyExceptInRange('0', '9'))
            return null;
        var function = comma < 0 ? [] : line[(comma + 1)..].Trim();
        if (!function.StartsWith("in "))
            return function.IsEmpty ? $"{file}:{number}" : null;
        function = function[3..];
        return IsIdentifier(function) || IsPseudoFunction(function) ? $"{file}:{number} in {function}" : null;
    }

    private static bool IsOwn(ReadOnlySpan<char> path)
    {
        Span<char> unix = stackalloc char[path.Length <= 512 ? path.Length : 0];
        if (path.Length > unix.Length)
            return false;
        path.Replace(unix, '\\', '/');
        // Such a path leads out of where it begins.
        if (unix.Contains("/../", StringComparison.Ordinal))
            return false;
        foreach (var root in Roots)
        {
            var at = unix.LastIndexOf(root);
            if (at >= 0)
                return IsPackage(unix[(at + root.Length)..]);
        }

        foreach (var source in Sources)
        {
            if (unix.StartsWith(source))
                return IsPackage(unix[source.Length..]);
        }

        return false;
    }

    private static bool IsPackage(ReadOnlySpan<char> path)
    {
        var slash = path.IndexOf('/');
        return slash > 0 && Packages.Contains(path[..slash]);
    }

    // The first line behind the last frame's source: "package.Type: message", which goes on to the end.
    private static string Cause(ReadOnlySpan<char> text, int maxLength)
    {
        while (!text.IsEmpty && (text[0] is ' ' or '\t' or '\r' or '\n'))
        {
            var next = text.IndexOf('\n');
            text = next < 0 ? [] : text[(next + 1)..];
        }

        text = text.TrimEnd();
        var end = text.IndexOfAny(':', '\n');
        var type = (end < 0 ? text : text[..end]).TrimEnd();
        type = type[(type.LastIndexOf('.') + 1)..];
        if (!ErrorName.Is(type))
            return text.IsEmpty ? "" : Redactor.Mark;
        return end < 0 ? type.ToString() : $"{type}: {Redactor.ErrorMessage(text[(end + 1)..], maxLength)}";
    }

    private static string Join(List<string> lines, int maxBytes)
    {
        var first = lines.Count;
        var length = 0;
        while (first > 0 && length + Bytes(lines[first - 1]) <= maxBytes - Bytes(Redactor.Mark))
            length += Bytes(lines[--first]);
        var result = new StringBuilder(length + Redactor.Mark.Length);
        if (first > 0)
            result.Append(Redactor.Mark).Append('\n');
        for (; first < lines.Count; first++)
        {
            if (result.Length > 0 && lines[first] is "" or Redactor.Mark && EndsWithMark(result))
                continue;
            result.Append(lines[first]).Append('\n');
        }

        return result.ToString().TrimEnd('\n');
    }

    // With its line feed.
    private static int Bytes(string line) => Encoding.UTF8.GetByteCount(line) + 1;

    private static void AddMark(List<string> lines)
    {
        if (lines is not [.., Redactor.Mark])
            lines.Add(Redactor.Mark);
    }

    private static bool EndsWithMark(StringBuilder result) =>
        result.Length > Redactor.Mark.Length && result[^2] == Redactor.Mark[^1];

    private static bool IsPseudoFunction(ReadOnlySpan<char> name)
    {
        foreach (var pseudo in PseudoFunctions)
        {
            if (name.SequenceEqual(pseudo))
                return true;
        }

        return false;
    }

    private static bool IsIdentifier(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxName || char.IsAsciiDigit(name[0]))
            return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
                return false;
        }

        return true;
    }
}
