using System.Text;
using System.Text.Json.Nodes;

namespace Collector.Tests.Unit.Documents;

/// <summary>Generates docs/privacy.md from the answer to <c>GET /policy</c>.</summary>
internal sealed class PrivacyPage
{
    // Describes each action in plain words; {0} is the field's at_most. The page (Site/web) has its own wording.
    private static readonly Dictionary<string, string> Actions = new()
    {
        ["keep"] = "kept if it has the right shape",
        ["fingerprint_credential"] = "replaced by a keyed fingerprint",
        ["fingerprint_machine"] = "replaced by a keyed fingerprint",
        ["fingerprint_activation"] = "replaced by a keyed fingerprint",
        ["redact_message"] = "redacted: words stay only in phrases that AWS or LocalStack writes, at most {0} characters",
        ["redact_trace"] = "redacted: frames of known packages only, at most {0} bytes",
        ["cut_system"] = "cut to the name of the operating system",
        ["cut_user_agent"] = "cut to known tools and their versions, at most {0} characters",
        ["cut_version"] = "cut to the version, without the hash after it",
        ["cut_command"] = "cut to the command",
        ["cut_subcommand"] = "cut to the command; AWS operations are looked up",
        ["catalog_parameter"] = "known parameter names of the command, never values",
        ["cut_hour"] = "replaced by the hour of arrival",
        ["catalog_service"] = "kept if it is an AWS service",
        ["catalog_operation"] = "kept if it is an operation of that service",
        ["catalog_region"] = "kept if it is an AWS region, `other` if not",
        ["error_code"] = "kept if it is the name of a known error, `other` if not",
        ["derive_tier"] = "kept only as Pro or not Pro",
        ["metric_label"] = "kept if it is one of LocalStack's own labels",
        ["metric_label_value"] = "kept if it is one of LocalStack's or AWS's own words",
    };

    private static readonly Dictionary<string, string> Becomes = new()
    {
        ["session"] = "a session, with its credential and machine as keyed fingerprints",
        ["call"] = "a call of that session",
        ["count"] = "counts over all users: service, operation, status code, number of calls",
        ["cli"] = "counts over all users: a command and the names of its parameters",
        ["feature"] = "counts over all users: a feature, its labels and its sums",
        ["activation"] = "a licence activation of a credential (a keyed fingerprint)",
    };

    private readonly StringBuilder page = new();
    private readonly JsonNode policy;
    private readonly List<JsonNode> events;

    private PrivacyPage(JsonNode policy)
    {
        this.policy = policy;
        events = [.. policy["events"]!.AsArray().Select(e => e!)];
    }

    /// <param name="policy">The document that <c>GET /policy</c> returns.</param>
    public static string Of(JsonNode policy) => new PrivacyPage(policy).Write();

    private string Write()
    {
        Line("# What is collected, from whom, and for how long");
        Line();
        Line("<!-- Generated from functions/Policy/policy.json by infra/docs.sh. Change the policy, not this page. -->");
        Line();
        Line("This page is generated from [policy.json](../functions/Policy/policy.json), the file that the collector itself enforces. "
            + "Data that the file does not name is not kept. A running collector shows the same rules, with its own settings applied, "
            + "on its page and at `GET /v1/policy`.");
        Line();
        Line("Each rule is based on a sentence of LocalStack's published usage-tracking documentation, which is quoted. "
            + "A row without a quotation is based on the sentence above its table.");
        Line();
        Summary();
        Retention();
        Events("Collected", IsCollected);
        Events("Switched off unless a deployment names them in `ExtraFeatures`", e => !IsCollected(e) && !IsNever(e));
        Never();
        return page.ToString();
    }

    private void Summary()
    {
        Line("## In short");
        Line();
        Line("| event | from | becomes |");
        Line("| --- | --- | --- |");
        foreach (var e in events.Where(IsCollected))
            Line($"| [`{e["name"]}`](#{Anchor($"{e["name"]}")}) | {From(e)} | {Word(Becomes, "kind", e["kind"])} |");
        Line();
    }

    private void Retention()
    {
        Line("## For how long");
        Line();
        Line("Days are the defaults; [settings](settings.md) change them. DynamoDB removes an item within a few days after it expires.");
        Line();
        Line("| record | days |");
        Line("| --- | ---: |");
        foreach (var (_, kept) in policy["retention"]!.AsObject()) Line($"| {kept!["holds"]} | {kept["days"]?.ToString() ?? "no end"} |");
        Line();
    }

    private void Events(string title, Func<JsonNode, bool> belongs)
    {
        Line($"## {title}");
        Line();
        foreach (var e in events.Where(belongs)) Event(e);
    }

    private void Event(JsonNode e)
    {
        Line($"### `{e["name"]}`");
        Line();
        Line($"> {e["sentence"]}");
        Line();
        var fields = (e["fields"] as JsonArray ?? []).Select(field => field!).ToList();
        var kept = fields.Where(field => !IsRemoved(field)).ToList();
        if (kept.Count > 0)
        {
            Line("| field | treatment | kept, for example | not kept, for example | because |");
            Line("| --- | --- | --- | --- | --- |");
            foreach (var field in kept)
            {
                var tier = (string?)(field["tier"] ?? e["tier"]) == "pro" ? " (Pro only)" : "";
                var examples = $"{Kept(field)} | {Example(field["removes"])}";
                Line($"| `{field["field"]}` | {What(field)}{tier} | {examples} | {Cell(Because(e, field))} |");
            }

            Line();
        }

        foreach (var removed in fields.Where(IsRemoved).GroupBy(field => Because(e, field)))
        {
            var reason = removed.Key.Length == 0 ? "" : $" {removed.Key}";
            Line($"- Removed: {string.Join(", ", removed.Select(field => $"`{field["field"]}`"))}.{reason}");
        }

        Line();
    }

    private void Never()
    {
        Line("## Never collected");
        Line();
        Line("These events are dropped on arrival, whatever they contain, and so is every event whose name is not on this page.");
        Line();
        Line("| event | because |");
        Line("| --- | --- |");
        foreach (var e in events.Where(IsNever)) Line($"| `{e["name"]}` | {Cell($"“{e["sentence"]}” {e["because"]}".Trim())} |");
    }

    private void Line(string text = "") => page.Append(text).Append('\n');

    private static bool IsCollected(JsonNode e) => (bool)e["collected"]!;

    private static bool IsNever(JsonNode e) => (string?)e["kind"] == "never";

    private static bool IsRemoved(JsonNode field) => (string?)field["do"] == "drop";

    private static string From(JsonNode e) => ((string?)e["kind"], (string?)e["tier"]) switch
    {
        ("activation", _) => "the licensing backend",
        (_, "pro") => "Pro sessions; of all others only what `aws_request_agg` keeps",
        _ => "everyone",
    };

    private static string What(JsonNode field)
    {
        var isKept = (string?)field["do"] == "keep";
        if (isKept && field["values"] is JsonArray values) return $"kept if it is one of {values.Count} listed values";
        if (isKept && (string?)field["type"] == "list") return $"its entries are kept as the rows below say, at most {field["at_most"]}";
        return Word(Actions, "do", field["do"]).Replace("{0}", field["at_most"]?.ToString(), StringComparison.Ordinal);
    }

    private static string Word(Dictionary<string, string> words, string member, JsonNode? value) =>
        words.TryGetValue($"{value}", out var word) ? word : throw new InvalidOperationException(
            $"policy.json has \"{member}\": \"{value}\", which tests/Unit/Documents/PrivacyPage.cs does not explain: add a few words.");

    // The sentence above the table is not repeated in each row.
    private static string Because(JsonNode e, JsonNode field) =>
        $"{((string?)field["sentence"] == (string?)e["sentence"] ? "" : $"“{field["sentence"]}”")} {field["because"]}".Trim();

    private static string Kept(JsonNode field)
    {
        if ((string?)field["do"] == "cut_hour" || field["keeps"] is not { } keeps) return "";
        return field["kept_as"] is { } becomes ? $"{Example(keeps)} becomes {Example(becomes)}" : Example(keeps);
    }

    private static string Example(JsonNode? example)
    {
        var text = example switch
        {
            null => "",
            JsonValue value when value.TryGetValue(out string? one) => one,
            _ => example.ToJsonString(),
        };
        text = text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", " ⏎ ", StringComparison.Ordinal).Trim();
        // A code span is closed by as many backticks as open it.
        var marks = text.Contains('`', StringComparison.Ordinal) ? "``" : "`";
        return text.Length == 0 ? "" : $"{marks}{Cell(text)}{marks}";
    }

    // A bar would end the cell.
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Anchor(string name) => name.Replace(":", "", StringComparison.Ordinal);
}
