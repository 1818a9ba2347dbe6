using System.Globalization;

namespace Collector.Policy;

/// <summary>
/// Expands the abbreviations of policy.json: sentences of the documentation, which have a name under <c>sentences</c>, and numbered fields
/// (<c>label_#</c> with <c>repeat</c>). The policy that is enforced, and shown by <c>GET /policy</c>, contains every sentence and every
/// field in full.
/// </summary>
internal static class PolicyShorthand
{
    /// <summary>
    /// The expanded document. A document without a table of sentences is already expanded. Throws <see cref="InvalidDataException"/> for a
    /// sentence that is not in the table.
    /// </summary>
    public static PolicyDocument WriteOut(PolicyDocument document)
    {
        if (document.Sentences is not { } sentences) return document;
        return document with
        {
            Sentences = null,
            Events = [.. document.Events.Select(e => e with
            {
                Sentence = Sentence(sentences, e.Name, e.Sentence),
                Fields = e.Fields is { } fields
                    ? [.. Numbered(fields).Select(field => field with { Sentence = Sentence(sentences, e.Name, field.Sentence) })] : null,
            })],
        };
    }

    private static string Sentence(IReadOnlyDictionary<string, string> sentences, string name, string key) =>
        sentences.TryGetValue(key, out var sentence)
        ? sentence : throw new InvalidDataException($"policy.json: {name} refers to the sentence {key}, which is not in sentences");

    // Adjacent fields with the same number of repeats alternate: label_1, label_1_value, label_2 …
    private static IEnumerable<FieldDocument> Numbered(IReadOnlyList<FieldDocument> fields)
    {
        for (var at = 0; at < fields.Count;)
        {
            var end = at + 1;
            if (fields[at].Repeat is not { } times)
            {
                yield return fields[at];
                at = end;
                continue;
            }

            while (end < fields.Count && fields[end].Repeat == times) end++;
            for (var number = 1; number <= times; number++)
            {
                for (var i = at; i < end; i++) yield return Numbered(fields[i], number.ToString(CultureInfo.InvariantCulture));
            }

            at = end;
        }
    }

    private static FieldDocument Numbered(FieldDocument field, string number) => field with
    {
        Repeat = null,
        Field = field.Field.Replace("#", number, StringComparison.Ordinal),
        As = field.As?.Replace("#", number, StringComparison.Ordinal),
        When = field.When is { } condition
            ? condition with { Field = condition.Field.Replace("#", number, StringComparison.Ordinal) } : null,
    };
}
