using System.Text.Json;
using Collector.Redaction;
using Xunit.Abstractions;

namespace Collector.Tests.Unit.Redaction;

/// <summary>
/// The redactor against real error messages (tests/Shared/corpus/error-messages/generate.py). Its rules were made looking at the
/// messages on even lines; those on odd lines are of other wordings, and show whether the rules hold beyond what they were made on.
/// </summary>
public class RedactorCorpusTests(ITestOutputHelper output)
{
    private static readonly string[] Lines = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus", "error-messages"), "*.jsonl")
        .Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).ToArray();

    [Fact]
    public void The_corpus_has_at_least_400_different_messages() =>
        Assert.InRange(Lines.Select(line => Message(line).Text).Distinct().Count(), 400, int.MaxValue);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void No_name_is_left_and_nearly_all_words_are_kept(int half)
    {
        int messages = 0, withName = 0, withOwnName = 0, words = 0, keptWords = 0, tokens = 0, keptTokens = 0;
        foreach (var message in Lines.Where((_, i) => i % 2 == half).Select(Message))
        {
            var kept = new bool[message.Text.Length];
            var result = Redactor.ErrorMessage(message.Text, Shipped.MaxMessage, kept);
            Assert.Equal(result, Shipped.ErrorMessage(result));
            messages++;
            if (message.IsName.Where((isName, i) => isName && kept[i] && char.IsLetterOrDigit(message.Text[i])).Any())
            {
                withName++;
                withOwnName += message.IsPlain ? 0 : 1;
                output.WriteLine($"left, {message.Kind}: {message.Text} -> {result}");
            }

            // What a longer message loses to the limit says nothing about the rules.
            if (message.Text.Length > Shipped.MaxMessage)
                continue;
            foreach (var (start, length) in Tokens(message))
            {
                var isKept = !Enumerable.Range(start, length).Any(i => char.IsLetterOrDigit(message.Text[i]) && !kept[i]);
                var isWord = message.Text.AsSpan(start, length).Trim(".,;:!?()[]{}<>\"'`").IndexOfAnyExcept(Letters) < 0;
                tokens++;
                words += isWord ? 1 : 0;
                keptTokens += isKept ? 1 : 0;
                keptWords += isWord && isKept ? 1 : 0;
            }
        }

        output.WriteLine($"{messages} messages: {withName} with a name left ({(double)withName / messages:P2}), {withOwnName} of them with one that is no plain word; "
            + $"words kept {(double)keptWords / words:P1} of {words}; all tokens with a letter, identifiers and enumerations too, {(double)keptTokens / tokens:P1} of {tokens}");
        Assert.Equal(0, withOwnName);
        Assert.True(withName < messages * 0.01, $"{withName} of {messages} messages have a name left");
        Assert.True(keptWords > words * 0.9, $"{keptWords} of {words} words are kept");
    }

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'");

    // Between white space, with a letter, and no part of a name.
    private static IEnumerable<(int Start, int Length)> Tokens(CorpusMessage message)
    {
        var text = message.Text;
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
                end++;
            if (end > at && Enumerable.Range(at, end - at).All(i => !message.IsName[i]) && text.AsSpan(at, end - at).ContainsAny(Letters))
                yield return (at, end - at);
            at = end + 1;
        }
    }

    private static CorpusMessage Message(string line)
    {
        using var json = JsonDocument.Parse(line);
        var text = json.RootElement.GetProperty("message").GetString()!;
        var isName = new bool[text.Length];
        foreach (var span in json.RootElement.GetProperty("spans").EnumerateArray())
            isName.AsSpan(span[0].GetInt32(), span[1].GetInt32()).Fill(true);
        return new CorpusMessage(text, json.RootElement.GetProperty("kind").GetString()!, isName);
    }

    private sealed record CorpusMessage(string Text, string Kind, bool[] IsName)
    {
        /// <summary>Whether the names in it are words of the vocabulary, such as "table" and "status".</summary>
        public bool IsPlain => Kind == "plain";
    }
}
