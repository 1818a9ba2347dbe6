using System.Buffers.Binary;
using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

/// <summary>Generates the lists that functions/Redaction embeds as hashes, from the texts in tests/Shared/corpus.</summary>
internal static class ErrorRuns
{
    private const int RunLength = 3;
    private const string NameOfRuns = "□";

    /// <summary>First names, in lower case.</summary>
    public static IReadOnlySet<string> People { get; } = new HashSet<string>(Lines("error-messages", "people.txt"), StringComparer.Ordinal);

    /// <summary>The recorded messages with the positions of their names.</summary>
    public static IReadOnlyList<MarkedMessage> Recorded { get; } =
        [.. Lines("error-messages", "messages.jsonl").Select(MarkedMessage.Parse)];

    /// <summary>The hashes of all known runs, learned from the given recorded messages and from all other sources.</summary>
    public static IEnumerable<ulong> Known(IEnumerable<MarkedMessage> recorded) => Lines("error-messages", "runs.txt").SelectMany(OfLine)
        .Concat(recorded.Select(message => message.WithoutNames()).Concat(Lines("error-messages", "messages.txt"))
            .SelectMany(Learn)).Distinct();

    /// <summary>The hashes of all known error types.</summary>
    public static IEnumerable<ulong> Types() => Lines("error-names", "names.txt").Select(name => TokenHash.OfExact(name));

    /// <summary>The content of a <see cref="HashList"/> file.</summary>
    public static byte[] File(IEnumerable<ulong> hashes)
    {
        const int buckets = 1 << HashList.BucketBits;
        var sorted = hashes.Select(hash => hash >> (64 - HashList.BucketBits - HashList.RestBits)).Distinct().Order().ToArray();
        var file = new byte[((buckets + 1) * sizeof(ushort)) + (sorted.Length * HashList.RestBits / 8)];
        var at = 0;
        for (var bucket = 0; bucket <= buckets; bucket++)
        {
            while (at < sorted.Length && sorted[at] >> HashList.RestBits < (ulong)bucket)
                at++;
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(bucket * sizeof(ushort)), checked((ushort)at));
        }

        var rest = file.AsSpan((buckets + 1) * sizeof(ushort));
        foreach (var hash in sorted)
        {
            (rest[0], rest[1], rest[2]) = ((byte)(hash >> 16), (byte)(hash >> 8), (byte)hash);
            rest = rest[3..];
        }

        return file;
    }

    /// <summary>A list of these hashes, in its embedded form.</summary>
    public static HashList List(IEnumerable<ulong> hashes)
    {
        using var stream = new MemoryStream(File(hashes));
        return new HashList(EmbeddedFile.From(stream));
    }

    private static IEnumerable<ulong> Learn(string message)
    {
        var tokens = new MessageToken[message.Length + MessageScanner.Edges];
        var count = MessageScanner.Scan(message, tokens);
        for (var at = 0; at + RunLength <= count; at++)
        {
            var run = tokens[at..(at + RunLength)];
            var texts = run.Where(token => token.IsText).Select(token => message[token.Start..token.End].ToLowerInvariant()).ToArray();
            if (texts.Length > 0 && !texts.Any(People.Contains))
            {
                yield return TokenHash.OfRun(run[0].Hash, run[1].Hash, run[2].Hash);
                foreach (var token in run.Where(token => token.IsText))
                    yield return TokenHash.OfWord(token.Hash);
            }
        }
    }

    private static IEnumerable<ulong> OfLine(string line)
    {
        var tokens = line.Split(' ');
        Assert.Equal(RunLength, tokens.Length);
        var first = tokens[0] == "^" ? TokenHash.First : OfToken(tokens[0]);
        var last = tokens[2] == "$" ? TokenHash.Last : OfToken(tokens[2]);
        return tokens.Where(token => char.IsAsciiLetterOrDigit(token[0])).Select(token => TokenHash.OfWord(TokenHash.Of(token)))
            .Append(TokenHash.OfRun(first, OfToken(tokens[1]), last));
    }

    private static ulong OfToken(string token) => token == NameOfRuns ? TokenHash.Hole : TokenHash.Of(token);

    private static string[] Lines(string folder, string file) =>
        System.IO.File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "corpus", folder, file));
}
