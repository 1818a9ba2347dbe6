using Collector.Redaction;
using Xunit.Abstractions;

namespace Collector.Tests.Unit.Redaction;

/// <summary>
/// Tests the redaction of messages whose names are known. The wordings of the recorded messages on even lines differ from those on odd
/// lines (generate.py), so each half is measured with runs that were not learned from it.
/// </summary>
public class RedactorCorpusTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Recorded_messages_keep_no_name_and_nearly_all_other_words(int half)
    {
        var measured = ErrorRuns.Recorded.Where((_, line) => line % 2 == half).ToArray();
        var figures = Measure(measured, ErrorRuns.List(ErrorRuns.Known(ErrorRuns.Recorded.Where((_, line) => line % 2 != half))));
        Assert.InRange(figures.Messages, 400, int.MaxValue);
        Assert.Equal(0, figures.Left);
        Assert.InRange(figures.KeptWords, 0.95, 1);
    }

    /// <summary>
    /// Names of ordinary words, numbers in groups, SQL, names with spaces. At most one message in twenty keeps a word of a name.
    /// </summary>
    [Theory]
    [InlineData("cases.jsonl", 0.05)]
    [InlineData("adversarial.jsonl", 0.05)]
    public void Hardly_any_names_made_of_ordinary_words_are_left(string file, double most)
    {
        var figures = Measure(Cases(file), null);
        Assert.InRange(figures.Left, 0, most * figures.Messages);
        Assert.InRange(figures.KeptWords, 0.6, 1);
    }

    [Theory]
    [InlineData("cases.jsonl")]
    [InlineData("adversarial.jsonl")]
    public void No_person_long_number_or_address_is_left(string file) => Assert.All(Cases(file), message =>
    {
        var redacted = message.Redact().Redacted;
        Assert.DoesNotContain('@', redacted);
        var others = message.WithoutNames().Count(char.IsAsciiDigit);
        Assert.InRange(redacted.Count(char.IsAsciiDigit), 0, Math.Max(MessageScanner.MaxDigits, others));
        var words = redacted.Split(' ', '.', ',', ':', '\'', '"', '(', ')', '[', ']');
        Assert.DoesNotContain(words, word => ErrorRuns.People.Contains(word.ToLowerInvariant()));
    });

    private static MarkedMessage[] Cases(string file) =>
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "corpus", "redaction", file)).Select(MarkedMessage.Parse)];

    private (int Messages, int Left, double KeptWords) Measure(MarkedMessage[] messages, HashList? runs)
    {
        int left = 0, words = 0, keptWords = 0;
        foreach (var message in messages)
        {
            var (redacted, kept) = message.Redact(runs);
            Assert.Equal(redacted, MessageRedaction.Run(redacted, Shipped.MaxMessage, default, runs));
            if (message.HasNameLeft(kept))
            {
                left++;
                output.WriteLine($"left: {message.Text} -> {redacted}");
            }

            // A message over the limit loses words for that reason, which says nothing about the rules.
            if (message.Text.Length > Shipped.MaxMessage)
                continue;
            var (all, stayed) = message.Words(kept);
            words += all;
            keptWords += stayed;
        }

        var share = (double)keptWords / words;
        output.WriteLine($"{messages.Length} messages: {left} with a name left; {share:P1} of {words} other words kept");
        return (messages.Length, left, share);
    }
}
