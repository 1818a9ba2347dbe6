using System.Text;
using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

/// <summary>Properties of every text, however strange. The seed in a failure's message reproduces the case.</summary>
[Trait("Speed", "Seconds")]
public class CleanerPropertyTests
{
    private const int Cases = 5_000;
    private const string Marker = "zqxheronzqx";

    private static readonly string[] Words =
    [
        "The", "specified", "bucket", "table", "queue", "does", "not", "exist", "found:", "named", "name:", "id", "with", "Table:", "is",
        "an", "error", "(ValidationException)", "Value", "at", "failed", "to", "satisfy", "constraint:", "Member", "must", "DBCluster",
        "status", "data",
        "CreateQueue", "sqs:CreateQueue", "12345", "123456", "'", "\"", "`", "''", "[", "]", "{'", "'}", "(", ")", "=", ":", "/", "-",
        "‹…›", "‹", "…", "›", "“", "”",
        "doesn't", "users'", "parameter(s)", "arn:aws:sqs:us-east-1:000000000000:", "https://", "\n", "\t", "\r\n", " ", ",", ".", ";",
        "\u0000",
        "\uD800", "\uDC00", "\u202E", "\u200B", "é", "Boto3/1.2.3", "os/linux#5.1", "lang/python#3.11", "Linux/5.1", "api/s3#1.0",
        "exec-env/", "md/arch#",
        "localstack", "start", "--detach", "Docker Desktop,", "Linux,", "Traceback (most recent call last):\n",
        "  File \"/x/site-packages/moto/core.py\", line 3, in call\n",
        "    source()\n", "\nKeyError: ", "  File \"", "\", line ", ", in ",
    ];

    [Fact]
    public void No_cleaner_keeps_a_marker_wherever_it_is()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var text = Text(new Random(seed), marked: true);
            foreach (var (name, cleaned) in Cleaned(text))
                Assert.False(cleaned?.Contains(Marker, StringComparison.OrdinalIgnoreCase),
                    $"{name}, seed {seed}: {Escaped(text)} -> {cleaned}");
        }
    }

    [Fact]
    public void Every_result_is_within_its_limit_and_well_formed()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var text = Text(new Random(seed), marked: false);
            var message = Shipped.ErrorMessage(text);
            Assert.True(message.Length <= Shipped.MaxMessage, $"seed {seed}");
            Assert.True(Encoding.UTF8.GetByteCount(Shipped.StackTrace(text)) <= Shipped.MaxTrace, $"seed {seed}");
            Assert.True(Shipped.UserAgent(text).Length <= Shipped.MaxAgent, $"seed {seed}");
            Assert.All(message.Replace(Redactor.Mark, "", StringComparison.Ordinal), c => Assert.InRange(c, ' ', '~'));
            Assert.All(Shipped.UserAgent(text), c => Assert.InRange(c, ' ', '~'));
            Assert.All(Shipped.StackTrace(text).Replace(Redactor.Mark, "", StringComparison.Ordinal), c =>
                Assert.True(c is >= ' ' and <= '~' or '\n'));
        }
    }

    [Fact]
    public void Cleaning_a_clean_text_changes_nothing()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var text = Text(new Random(seed), marked: false);
            var message = Shipped.ErrorMessage(text);
            Assert.True(message == Shipped.ErrorMessage(message),
                $"seed {seed}: {Escaped(text)} -> {message} -> {Shipped.ErrorMessage(message)}");
            var agent = Shipped.UserAgent(text);
            Assert.Equal(agent, Shipped.UserAgent(agent));
            Assert.Equal(SystemName.Clean(text), SystemName.Clean(SystemName.Clean(text)));
            if (CliCatalog.Command(text, null) is { } command) Assert.Equal(command, CliCatalog.Command(command, null));
        }
    }

    [Fact]
    public void Cleaning_a_clean_trace_adds_nothing()
    {
        for (var seed = 0; seed < Cases / 10; seed++)
        {
            var trace = Shipped.StackTrace(Text(new Random(seed), marked: false));
            var again = Shipped.StackTrace(trace);
            Assert.All(again.Split('\n').Where(line => line != Redactor.Mark), line =>
                Assert.Contains(line, trace, StringComparison.Ordinal));
        }
    }

    // Random words, random characters or both, with and without spaces; the marker is anywhere, alone or attached to something.
    private static string Text(Random random, bool marked)
    {
        var text = new StringBuilder();
        var parts = random.Next(random.Next(10) == 0 ? 1500 : 40);
        var at = random.Next(parts + 1);
        for (var i = 0; i <= parts; i++)
        {
            if (marked && i == at)
                text.Append(random.Next(3) == 0 ? Marker.ToUpperInvariant() : Marker);
            text.Append(random.Next(8) == 0 ? ((char)random.Next(0x10000)).ToString() : Words[random.Next(Words.Length)]);
            if (random.Next(3) != 0)
                text.Append(' ');
        }

        return text.ToString();
    }

    private static IEnumerable<(string Name, string? Cleaned)> Cleaned(string text)
    {
        yield return ("message", Shipped.ErrorMessage(text));
        yield return ("user agent", Shipped.UserAgent(text));
        yield return ("system", SystemName.Clean(text));
        // A frame of a package is recognised by its path alone: the names of its file and function are kept.
        if (!text.Contains("site-packages", StringComparison.Ordinal) || !text.Contains("in " + Marker, StringComparison.OrdinalIgnoreCase))
            yield return ("trace", Shipped.StackTrace(text));
    }

    private static string Escaped(string text) =>
        string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:x4}"));
}
