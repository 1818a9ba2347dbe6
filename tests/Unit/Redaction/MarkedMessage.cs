using System.Text;
using System.Text.Json;
using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

/// <summary>A message of the corpus and, for each of its characters, whether it is part of a name.</summary>
internal sealed record MarkedMessage(string Text, IReadOnlyList<bool> IsName)
{
    /// <summary>
    /// Reads <c>{"message", "names": [...], "spans": [[start, length], ...]}</c>. Without spans, the last occurrence of each name is used.
    /// </summary>
    public static MarkedMessage Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var text = json.RootElement.GetProperty("message").GetString()!;
        var isName = new bool[text.Length];
        if (json.RootElement.TryGetProperty("spans", out var spans))
        {
            foreach (var span in spans.EnumerateArray())
                isName.AsSpan(span[0].GetInt32(), span[1].GetInt32()).Fill(true);
        }
        else
        {
            foreach (var name in json.RootElement.GetProperty("names").EnumerateArray().Select(name => name.GetString()!))
                isName.AsSpan(LastWhole(text, name), name.Length).Fill(true);
        }

        return new MarkedMessage(text, isName);
    }

    /// <summary>The message with a redaction mark for each name.</summary>
    public string WithoutNames()
    {
        var text = new StringBuilder();
        for (var at = 0; at < Text.Length; at++)
        {
            if (!IsName[at])
                text.Append(Text[at]);
            else if (at == 0 || !IsName[at - 1])
                text.Append(Redactor.Mark);
        }

        return text.ToString();
    }

    /// <summary>The redacted message, and which of its characters were kept.</summary>
    public (string Redacted, bool[] Kept) Redact(HashList? runs = null)
    {
        var kept = new bool[Text.Length];
        return (MessageRedaction.Run(Text, Shipped.MaxMessage, kept, runs), kept);
    }

    /// <summary>Whether a letter or digit of a name was kept.</summary>
    public bool HasNameLeft(bool[] kept) =>
        Enumerable.Range(0, Text.Length).Any(at => IsName[at] && kept[at] && char.IsLetterOrDigit(Text[at]));

    /// <summary>
    /// The words outside names (letters with only punctuation around them): how many there are and how many were kept.
    /// </summary>
    public (int All, int Kept) Words(bool[] kept)
    {
        int all = 0, left = 0;
        for (var at = 0; at < Text.Length;)
        {
            var end = at;
            while (end < Text.Length && !char.IsWhiteSpace(Text[end]))
                end++;
            var word = Text[at..end].Trim(['.', ',', ';', ':', '!', '?', '(', ')', '[', ']', '{', '}', '<', '>', '"', '\'', '`']);
            if (word.Length > 0 && word.All(c => char.IsAsciiLetter(c) || c == '\'') && !ErrorRuns.People.Contains(word.ToLowerInvariant())
                && Enumerable.Range(at, end - at).All(i => !IsName[i]))
            {
                all++;
                left += Enumerable.Range(at, end - at).All(i => kept[i] || !char.IsLetterOrDigit(Text[i])) ? 1 : 0;
            }

            at = end + 1;
        }

        return (all, left);
    }

    private static int LastWhole(string text, string name)
    {
        for (var at = text.Length - name.Length; at >= 0; at--)
        {
            var end = at + name.Length;
            if (text.AsSpan(at).StartsWith(name) && (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                && (end == text.Length || !char.IsLetterOrDigit(text[end])))
                return at;
        }

        return text.LastIndexOf(name, StringComparison.Ordinal);
    }
}
