using System.Globalization;
using System.Text;
using System.Text.Json;
using Collector.Policy;

namespace Collector.Tests.Unit.Documents;

/// <summary>Writes docs/privacy.md from policy.json.</summary>
internal sealed class PrivacyPage(PolicyDocument policy)
{
    private readonly StringBuilder page = new();

    public static string Of(PolicyDocument policy) => new PrivacyPage(policy).Write();

    private string Write()
    {
        Line("# What is collected, from whom, and for how long");
        Line();
        Line("<!-- Generated from functions/Policy/policy.json by infra/docs.sh. Change the policy, not this page. -->");
        Line();
        Line("This page is written from [policy.json](../functions/Policy/policy.json), the file that the collector itself enforces. "
            + "What the file does not name is not kept. A running collector shows the same rules, with its own settings applied, "
            + "on its page and at `GET /v1/policy`.");
        Line();
        Line("A quotation is a sentence of LocalStack's published usage-tracking documentation: each rule exists because of one. "
            + "Where a row has none, it is the sentence above the table.");
        Line();
        Summary();
        Retention();
        Events("Collected", e => e.Collected);
        Events("Switched off unless a deployment names them in `ExtraFeatures`", e => !e.Collected && e.Kind != EventKind.Never);
        Never();
        return page.ToString();
    }

    private void Summary()
    {
        Line("## In short");
        Line();
        Line("| event | from | becomes |");
        Line("| --- | --- | --- |");
        foreach (var e in policy.Events.Where(e => e.Collected)) Line($"| [`{e.Name}`](#{Anchor(e.Name)}) | {From(e)} | {Becomes(e)} |");
        Line();
    }

    private void Retention()
    {
        Line("## For how long");
        Line();
        Line("Days are the defaults; [settings](settings.md) change them. DynamoDB removes an item within some days of its end.");
        Line();
        Line("| record | days |");
        Line("| --- | ---: |");
        foreach (var (_, kept) in policy.Retention)
            Line($"| {kept.Holds} | {kept.Days?.ToString(CultureInfo.InvariantCulture) ?? "no end"} |");
        Line();
    }

    private void Events(string title, Func<EventDocument, bool> belongs)
    {
        Line($"## {title}");
        Line();
        foreach (var e in policy.Events.Where(belongs)) Event(e);
    }

    private void Event(EventDocument e)
    {
        Line($"### `{e.Name}`");
        Line();
        Line($"> {e.Sentence}");
        Line();
        var fields = e.Fields ?? [];
        if (fields.Any(field => field.Do != FieldAction.Drop))
        {
            Line("| field | what is done | kept, for example | not kept, for example | because |");
            Line("| --- | --- | --- | --- | --- |");
            foreach (var field in fields.Where(field => field.Do != FieldAction.Drop))
            {
                var tier = (field.Tier ?? e.Tier) == EventTier.Pro ? " (Pro only)" : "";
                Line($"| `{field.Field}` | {What(field)}{tier} | {Kept(field)} | {Example(field.Removes)} | {Cell(Because(e, field))} |");
            }

            Line();
        }

        foreach (var removed in fields.Where(field => field.Do == FieldAction.Drop).GroupBy(field => Because(e, field)))
        {
            var reason = removed.Key.Length == 0 ? "" : $" {removed.Key}";
            Line($"- Removed: {string.Join(", ", removed.Select(field => $"`{field.Field}`"))}.{reason}");
        }

        Line();
    }

    // The sentence above the table is not repeated in each row.
    private static string Because(EventDocument e, FieldDocument field) =>
        $"{(field.Sentence == e.Sentence ? "" : Quoted(field.Sentence))} {field.Because}".Trim();

    private void Never()
    {
        Line("## Never collected");
        Line();
        Line("These events are dropped on arrival, whatever they hold. So is every event whose name is not on this page.");
        Line();
        Line("| event | because |");
        Line("| --- | --- |");
        foreach (var e in policy.Events.Where(e => e.Kind == EventKind.Never)) Line($"| `{e.Name}` | {Cell(Quoted(e.Sentence))} |");
    }

    private void Line(string text = "") => page.Append(text).Append('\n');

    private static string From(EventDocument e) => e switch
    {
        { Kind: EventKind.Activation } => "the licensing backend",
        { Tier: EventTier.Pro } => "Pro sessions; of all others only what `aws_request_agg` keeps",
        _ => "everyone",
    };

    private static string Becomes(EventDocument e) => e.Kind switch
    {
        EventKind.Session => "a session, with its credential and machine as keyed fingerprints",
        EventKind.Call => "a call of that session",
        EventKind.Count => "counts of all users: service, operation, status code, how often",
        EventKind.Cli => "counts of all users: a command and the names of its parameters",
        EventKind.Feature => "counts of all users: a feature, its labels and its sums",
        EventKind.Activation => "a licence activation of a credential (a keyed fingerprint)",
        var other => throw Unexplained(other),
    };

    private static string What(FieldDocument field) => field.Do switch
    {
        FieldAction.Keep when field.Values is { } values => $"kept if it is one of {values.Count} listed values",
        FieldAction.Keep when field.Type is FieldType.List => $"its entries are kept as the rows below say, at most {field.AtMost}",
        FieldAction.Keep => "kept if it has the right shape",
        FieldAction.FingerprintCredential => "replaced by a keyed fingerprint",
        FieldAction.FingerprintMachine or FieldAction.FingerprintActivation => "replaced by a keyed fingerprint",
        FieldAction.RedactMessage => $"redacted: names, paths, addresses and values are removed, at most {field.AtMost} characters",
        FieldAction.RedactTrace => $"redacted: frames of known packages only, at most {field.AtMost} bytes",
        FieldAction.CutSystem => "cut to the name of the operating system",
        FieldAction.CutUserAgent => $"cut to known tools and their versions, at most {field.AtMost} characters",
        FieldAction.CutCommand => $"cut to its leading words, at most {field.AtMost}",
        FieldAction.CutWord => $"names only, never values, at most {field.AtMost}",
        FieldAction.CutHour => "replaced by the hour in which it arrived",
        FieldAction.CatalogService => "kept if it is an AWS service",
        FieldAction.CatalogOperation => "kept if it is an operation of that service",
        FieldAction.ErrorCode => "kept if it is the name of a known error",
        FieldAction.DeriveTier => "only Pro or not is kept",
        FieldAction.PowerOfTwo => "rounded up to a power of two",
        var other => throw Unexplained(other),
    };

    private static string Kept(FieldDocument field)
    {
        if (field.Do == FieldAction.CutHour || field.Keeps is not { } keeps) return "";
        return field.KeptAs is { } becomes ? $"{Example(keeps)} becomes {Example(becomes)}" : Example(keeps);
    }

    private static string Example(JsonElement? example)
    {
        if (example is not { } value) return "";
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        text = text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", " ⏎ ", StringComparison.Ordinal).Trim();
        // A code span is closed by as many backticks as open it.
        var marks = text.Contains('`', StringComparison.Ordinal) ? "``" : "`";
        return text.Length == 0 ? "" : $"{marks}{Cell(text)}{marks}";
    }

    private static string Quoted(string sentence) => $"“{sentence}”";

    // A bar would end the cell; a link of the text itself would be one of the page.
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Anchor(string name) => name.Replace(":", "", StringComparison.Ordinal);

    private static InvalidOperationException Unexplained<T>(T value) =>
        new($"policy.json has a {typeof(T).Name} {value}, which tests/Unit/Documents/PrivacyPage.cs does not explain: add a few words.");
}
