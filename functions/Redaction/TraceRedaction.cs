using System.Buffers;
using System.Text;

namespace Collector.Redaction;

/// <summary>
/// Reduces a Python stack trace to the frames of LocalStack's and AWS's own packages (<c>catalog/trace-packages.txt</c>) and the
/// exception's type. Frames of other packages, of users and of init scripts are removed; each sequence of them becomes one redaction mark.
/// Source lines are always removed.
/// <para>
/// A frame is recognised by its path (a listed package in <c>site-packages</c> or LocalStack's image), which the result no longer contains.
/// A result must therefore not be cleaned again, because its frames would be removed.
/// </para>
/// </summary>
internal ref struct TraceRedaction
{
    // The longest name of a file or function, in characters.
    private const int MaxName = 64;
    private const int MaxPath = 512;
    private const int MaxLineNumber = 6;

    // The longest message of the cause, in characters. It is short, because a trace is kept for its frames.
    private const int MaxCause = 1024;

    // A redaction mark on its own line.
    private const string MarkLine = Redactor.Mark + "\n";

    private static readonly HashedLines Packages = new(SortedLines.Embedded("trace-packages.txt"));
    private static readonly string[] Roots = ["/site-packages/", "/dist-packages/"];

    // The folders of LocalStack's own source in its image; packages of users' extensions are in other folders.
    private static readonly string[] Sources = ["/opt/code/localstack/localstack-core/", "/opt/code/localstack/"];
    private static readonly string[] PseudoFunctions = ["<module>", "<lambda>", "<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"];
    private static readonly SearchValues<char> OfNames = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    private readonly Span<char> output;
    private int length;

    private TraceRedaction(Span<char> output) => this.output = output;

    /// <summary>
    /// The redacted trace, with line feeds between its lines. If it is longer than the limit, only the last lines are kept.
    /// </summary>
    public static string Run(ReadOnlySpan<char> text, int maxBytes)
    {
        if (text.Length > Redactor.MaxTraceInput)
        {
            text = text[^Redactor.MaxTraceInput..];
            text = text[(text.IndexOf('\n') + 1)..];
        }

        var end = EndOfFrames(text);
        var cause = Cause(text[end..], MaxCause);
        // A shortened frame saves more characters than the redaction mark after it can add.
        var buffer = ArrayPool<char>.Shared.Rent(end + cause.Length + (2 * MarkLine.Length));
        try
        {
            var redaction = new TraceRedaction(buffer);
            redaction.Frames(text[..end]);
            if (cause != Redactor.Mark || !redaction.EndsWithMark)
                redaction.Append(cause);
            return Last(redaction.output[..redaction.length].TrimEnd('\n'), maxBytes);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private readonly bool EndsWithMark => output[..length].EndsWith(MarkLine);

    // The end of the last frame or, without frames, the start of the last line.
    private static int EndOfFrames(ReadOnlySpan<char> text)
    {
        var last = text.LastIndexOf("File \"");
        if (last < 0)
            return text.TrimEnd().LastIndexOf('\n') + 1;
        var next = text[last..].IndexOf('\n');
        return next < 0 ? text.Length : last + next + 1;
    }

    private void Frames(ReadOnlySpan<char> text)
    {
        var isSource = false;
        foreach (var range in text.Split('\n'))
        {
            var line = text[range];
            var isFrame = Frame(line.Trim());
            // The source line of a kept frame, and the line that points at it, are removed without a redaction mark.
            isSource = isFrame || (isSource && line.StartsWith("    "));
            if (!isSource && !line.IsWhiteSpace() && !line.StartsWith("Traceback ") && !EndsWithMark)
                Append(MarkLine);
        }
    }

    // Writes "file.py:line in function" if the line is a frame of one of the packages.
    private bool Frame(ReadOnlySpan<char> line)
    {
        if (!line.StartsWith("File \""))
            return false;
        line = line["File \"".Length..];
        var quote = line.IndexOf('"');
        if (quote < 0 || !IsOwn(line[..quote]))
            return false;
        var path = line[..quote];
        var file = path[(path.LastIndexOfAny('/', '\\') + 1)..];
        line = line[(quote + 1)..];
        if (!line.StartsWith(", line ") || !file.EndsWith(".py") || !IsIdentifier(file[..^3]))
            return false;
        line = line[", line ".Length..];
        var comma = line.IndexOf(',');
        var number = comma < 0 ? line : line[..comma];
        if (number.Length is 0 or > MaxLineNumber || number.ContainsAnyExceptInRange('0', '9'))
            return false;
        var function = comma < 0 ? [] : line[(comma + 1)..].Trim();
        if (!function.IsEmpty)
        {
            if (!function.StartsWith("in "))
                return false;
            function = function[3..];
            if (!IsIdentifier(function) && !IsPseudoFunction(function))
                return false;
        }

        Append(file);
        Append(":");
        Append(number);
        if (!function.IsEmpty)
        {
            Append(" in ");
            Append(function);
        }

        Append("\n");
        return true;
    }

    private void Append(ReadOnlySpan<char> part)
    {
        part.CopyTo(output[length..]);
        length += part.Length;
    }

    private static bool IsOwn(ReadOnlySpan<char> path)
    {
        if (path.Length > MaxPath)
            return false;
        if (!path.Contains('\\'))
            return IsOwnUnix(path);
        Span<char> unix = stackalloc char[MaxPath];
        path.Replace(unix, '\\', '/');
        return IsOwnUnix(unix[..path.Length]);
    }

    private static bool IsOwnUnix(ReadOnlySpan<char> path)
    {
        // Such a path may lead out of the folder in which it begins.
        if (path.IndexOf("..") >= 0)
            return false;
        foreach (var root in Roots)
        {
            var at = path.LastIndexOf(root);
            if (at >= 0)
                return IsPackage(path[(at + root.Length)..]);
        }

        foreach (var source in Sources)
        {
            if (path.StartsWith(source))
                return IsPackage(path[source.Length..]);
        }

        return false;
    }

    private static bool IsPackage(ReadOnlySpan<char> path)
    {
        var slash = path.IndexOf('/');
        return slash > 0 && Packages.Contains(path[..slash]);
    }

    // The first line after the last frame's source: "package.Type: message". The message continues to the end.
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
        if (!ErrorTypes.IsListed(type))
            return text.IsEmpty ? "" : Redactor.Mark;
        return end < 0 ? type.ToString() : $"{type}: {Redactor.ErrorMessage(text[(end + 1)..], maxLength)}";
    }

    // As many whole lines from the end as fit after a redaction mark for the rest.
    private static string Last(ReadOnlySpan<char> lines, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(lines) <= maxBytes)
            return lines.ToString();
        var left = maxBytes - Encoding.UTF8.GetByteCount(MarkLine);
        var from = lines.Length;
        while (from > 0)
        {
            var start = lines[..(from - 1)].LastIndexOf('\n') + 1;
            left -= Encoding.UTF8.GetByteCount(lines[start..from]);
            if (left < 0)
                break;
            from = start;
        }

        var rest = lines[from..];
        return rest.StartsWith(MarkLine) ? rest.ToString() : $"{MarkLine}{rest}".TrimEnd('\n');
    }

    private static bool IsPseudoFunction(ReadOnlySpan<char> name)
    {
        foreach (var pseudo in PseudoFunctions)
        {
            if (name.SequenceEqual(pseudo))
                return true;
        }

        return false;
    }

    private static bool IsIdentifier(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxName && !char.IsAsciiDigit(name[0]) && !name.ContainsAnyExcept(OfNames);
}
