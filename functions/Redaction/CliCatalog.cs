using System.Buffers;
using System.Text;

namespace Collector.Redaction;

/// <summary>
/// The commands of LocalStack's command-line programs and the names of their parameters (<c>catalog/cli-commands.tsv</c>: program, command
/// path, parameter names). Only the known beginning of a command line is kept. A value that looks like a word can therefore not be stored,
/// and the number of possible results is finite.
/// </summary>
internal static class CliCatalog
{
    /// <summary>The name under which an unknown program, or an unknown first word after a known program, is counted.</summary>
    public const string Other = "other";

    private const string ExtensionPrefix = "ext:";

    // The AWS CLI's own names for three of botocore's services.
    private static readonly Dictionary<string, string> AwsServiceNames = new(StringComparer.Ordinal)
    {
        ["s3api"] = "s3", ["configservice"] = "config", ["deploy"] = "codedeploy",
    };

    // The commands of `aws s3` other than botocore's operations, which the AWS CLI has under `aws s3api`.
    private static readonly string[] AwsS3Commands = ["cp", "ls", "mb", "mv", "presign", "rb", "rm", "sync", "website"];

    private static readonly SearchValues<char> WhiteSpace = SearchValues.Create(" \t\r\n\f\v");

    private static Node? root;

    // Read when the first command line arrives. Two threads may both read it; either result is valid.
    private static Node Root => root ??= Read(Encoding.ASCII.GetString(SortedLines.Embedded("cli-commands.tsv").Bytes));

    /// <summary>
    /// The known beginning of a command line, with single spaces between its words: <c>localstack config</c> for <c>localstack config set
    /// password</c>. Null when the line has no word. Applied to its own result, this changes nothing.
    /// </summary>
    /// <param name="program">The program that the line may omit; null when the line always begins with it.</param>
    public static string? Command(ReadOnlySpan<char> line, string? program)
    {
        var words = new Words(line);
        if (!words.Next(out var word)) return null;
        if (program is null || word.SequenceEqual(program))
        {
            var known = Root.Child(word);
            if (known is null) return Other;
            program = known.Word;
            if (!words.Next(out word)) return program;
        }

        var node = Root.Child(program)!;
        var rest = Known(node, word, ref words);
        if (rest is not null) return $"{program} {rest}";
        // A flag is not a command, so the command ended before it.
        return word is ['-', ..] ? program : $"{program} {Other}";
    }

    /// <summary>
    /// The known beginning of the words that follow a command returned by <see cref="Command"/>; null when the first word is unknown.
    /// </summary>
    public static string? Subcommand(string command, ReadOnlySpan<char> line)
    {
        var words = new Words(line);
        return Find(command, out var isWhole) is { } node && isWhole && words.Next(out var word) ? Known(node, word, ref words) : null;
    }

    /// <summary>
    /// A parameter's name as the catalog spells it, without leading dashes; null when neither the command nor its parents have such a
    /// parameter, for example <c>name=jane</c>.
    /// </summary>
    public static string? Parameter(string command, ReadOnlySpan<char> parameter)
    {
        for (var dashes = 0; dashes < 2 && parameter is ['-', ..]; dashes++) parameter = parameter[1..];
        for (var node = Find(command, out _); node is not null; node = node.Parent)
        {
            foreach (var name in node.Parameters)
            {
                if (IsSame(name, parameter)) return name;
            }
        }

        return null;
    }

    // The same option is dry-run on the command line and dry_run as a variable.
    private static bool IsSame(ReadOnlySpan<char> name, ReadOnlySpan<char> parameter)
    {
        if (name.Length != parameter.Length) return false;
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != parameter[i] && !(name[i] is '-' or '_' && parameter[i] is '-' or '_')) return false;
        }

        return true;
    }

    private static string? Known(Node node, ReadOnlySpan<char> word, ref Words words)
    {
        StringBuilder? path = null;
        do
        {
            if (node.IsAws)
            {
                if (AwsCommand(word, ref words) is { } call) Append(ref path, call);
                break;
            }

            // An extension's name is chosen by its author, so it is not kept.
            if (node.Child(word.StartsWith(ExtensionPrefix) ? "ext" : word) is not { } child) break;
            Append(ref path, child.Word);
            node = child;
        }
        while (words.Next(out word));
        return path?.ToString();
    }

    private static string? AwsCommand(ReadOnlySpan<char> word, ref Words words)
    {
        AwsServiceNames.TryGetValue(word.ToString(), out var botocore);
        if ((botocore ?? AwsCatalog.Service(word)) is not { } service) return null;
        var name = botocore is null ? service : word.ToString();
        if (!words.Next(out var operation)) return name;
        if (name == "s3" && Array.Find(AwsS3Commands, operation.ToString().Equals) is { } own) return $"{name} {own}";
        return AwsCatalog.CommandOf(service, operation) is { } command ? $"{name} {command}" : name;
    }

    private static StringBuilder Append(ref StringBuilder? path, string words) =>
        path is null ? path = new StringBuilder(words) : path.Append(' ').Append(words);

    // The deepest known node of the command, and whether it covers the whole command.
    private static Node? Find(string command, out bool isWhole)
    {
        var node = Root;
        isWhole = true;
        foreach (var range in command.AsSpan().Split(' '))
        {
            if (node.Child(command.AsSpan(range)) is not { } child)
            {
                isWhole = false;
                break;
            }

            node = child;
        }

        return node == Root ? null : node;
    }

    private static Node Read(string catalog)
    {
        var all = new Node("", null);
        foreach (var line in catalog.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#') continue;
            var columns = line.Split('\t');
            var node = all.Add(columns[0]);
            foreach (var word in columns[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)) node = node.Add(word);
            node.Parameters = columns[2].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        return all;
    }

    private sealed class Node(string word, Node? parent)
    {
        private readonly Dictionary<string, Node> children = new(StringComparer.Ordinal);

        public string Word { get; } = word;

        public Node? Parent { get; } = parent;

        public string[] Parameters { get; set; } = [];

        /// <summary>Whether the words that follow are an AWS service and an operation.</summary>
        public bool IsAws { get; } = word == "aws" && parent?.Word == "lstk";

        public Node? Child(ReadOnlySpan<char> name) =>
            children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var child) ? child : null;

        public Node Add(string name) => Child(name) ?? (children[name] = new Node(name, this));
    }

    private ref struct Words(ReadOnlySpan<char> line)
    {
        private ReadOnlySpan<char> rest = line;

        public bool Next(out ReadOnlySpan<char> word)
        {
            var start = rest.IndexOfAnyExcept(WhiteSpace);
            if (start < 0)
            {
                word = [];
                return false;
            }

            rest = rest[start..];
            var end = rest.IndexOfAny(WhiteSpace);
            word = end < 0 ? rest : rest[..end];
            rest = rest[word.Length..];
            return true;
        }
    }
}
