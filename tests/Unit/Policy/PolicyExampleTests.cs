using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>
/// Every rule of policy.json quotes a sentence of the documentation and has an example that is kept and one that is removed.
/// </summary>
public class PolicyExampleTests
{
    private static readonly string Documentation =
        string.Join('\n', File.ReadLines(Path.Combine(AppContext.BaseDirectory, "corpus", "usage-tracking.txt"))
            .Select(line => line.Trim(' ', '•')));

    public static TheoryData<string, string> Rules()
    {
        var data = new TheoryData<string, string>();
        foreach (var entry in Policies.Everything.Enforced.Events)
        {
            foreach (var field in entry.Fields ?? []) data.Add(entry.Name, field.Field);
        }

        return data;
    }

    [Fact]
    public void Every_rule_has_its_sentence_and_both_examples_and_every_event_its_tier() =>
        Assert.Empty(Policies.Everything.Enforced.Events.SelectMany(Lacking));

    [Fact]
    public void Every_sentence_is_in_the_documentation() => Assert.All(
        Policies.Everything.Enforced.Events.SelectMany(e => (e.Fields ?? []).Select(f => f.Sentence).Append(e.Sentence)).Distinct(),
        sentence => Assert.True(IsDocumented(sentence), sentence));

    [Theory]
    [InlineData("The HTTP status code of the response", true)]
    [InlineData("Here is an example of a CLI invocation event: ... \"client_time\": \"2022-08-30 14:46:54.116457\"", true)]
    [InlineData("\"client_time\": \"2022-08-30 14:46:54.116457\" ... Here is an example of a CLI invocation event:", false)]
    [InlineData("The HTTP status code", false)]
    [InlineData("HTTP status code of the response", false)]
    [InlineData("The HTTP status code of the request", false)]
    [InlineData("We do not track S3 bucket names, Lambda function names, EC2 configurations, or anything similar", true)]
    [InlineData("e", false)]
    public void A_sentence_that_is_not_in_the_documentation_is_found(string sentence, bool documented) =>
        Assert.Equal(documented, IsDocumented(sentence));

    // Whole sentences or lines of the documentation, in order, with " ... " for omissions.
    private static bool IsDocumented(string sentence)
    {
        var at = 0;
        foreach (var part in sentence.Split(" ... "))
        {
            var found = Regex.Match(Documentation[at..], $@"(?<=^|[.:] ){Regex.Escape(part)}(?=,?$|(?<=[.:]) )", RegexOptions.Multiline);
            if (!found.Success) return false;
            at += found.Index + found.Length;
        }

        return true;
    }

    [Fact]
    public void An_event_without_its_sentence_or_tier_is_found()
    {
        Assert.Equal(["config"], Lacking(Policies.Shipped.Enforced.Events.Single(e => e.Name == "config") with { Sentence = "" }));
        Assert.Equal(["cli_cmd"], Lacking(Policies.Shipped.Enforced.Events.Single(e => e.Name == "cli_cmd") with { Tier = null }));
    }

    [Theory]
    [InlineData("sentence")]
    [InlineData("keeps")]
    [InlineData("removes")]
    public void A_rule_without_its_sentence_or_an_example_is_found(string what)
    {
        var call = Policies.Shipped.Enforced.Events.Single(e => e.Name == "aws_request");
        var region = Field("aws_request", "payload.region");
        var bare = what switch
        {
            "sentence" => region with { Sentence = " " },
            "keeps" => region with { Keeps = null },
            _ => region with { Removes = null },
        };
        Assert.Single(Lacking(call with { Fields = [bare] }));
    }

    // A rule that drops its field, or keeps the server's hour instead, keeps no value, so it has no example of one.
    private static IEnumerable<string> Lacking(EventDocument document) =>
        (string.IsNullOrWhiteSpace(document.Sentence) || document.Tier is null != (document.Kind == EventKind.Never)
            ? [document.Name] : Array.Empty<string>()).Concat(
        from field in document.Fields ?? []
        where string.IsNullOrWhiteSpace(field.Sentence) || field.Removes is null || field.Keeps is null && !LeavesNothing(field)
        select $"{document.Name}.{field.Field}");

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_example_that_a_rule_keeps_is_kept_as_stated(string name, string path)
    {
        var field = Field(name, path);
        if (LeavesNothing(field)) return;
        var kept = Clean(name, path, field.Keeps!.Value);
        Assert.NotNull(kept);
        if (field.Do is FieldAction.FingerprintCredential or FieldAction.FingerprintMachine or FieldAction.FingerprintActivation)
            Assert.Matches("^[0-9a-f]{32}$", kept.Value.Text);
        else if (field.Type is not (FieldType.List or FieldType.Usage) && field.Do != FieldAction.RedactTrace) Assert.Equal(
            (field.KeptAs ?? field.Keeps).Value.GetRawText(), Json(field, kept.Value));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_example_that_a_rule_removes_is_not_kept(string name, string path)
    {
        var field = Field(name, path);
        var raw = field.Removes!.Value.ValueKind == JsonValueKind.String
            ? field.Removes.Value.GetString()! : field.Removes.Value.GetRawText();
        var left = Clean(name, path, field.Removes.Value);
        Assert.NotEqual(raw, left is { } value ? value.Text ?? Json(field, value) : null);
        if (left?.Text is { } text && text != "Docker Desktop") Assert.DoesNotContain("jane", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_dropped_field_has_no_place_in_the_result_and_is_counted_as_stripped(string name, string path)
    {
        var field = Field(name, path);
        if (!LeavesNothing(field)) return;
        var (fields, _, stripped) = Fields(name, path, field.Removes!.Value);
        Assert.Null(field.As);
        Assert.DoesNotContain(fields!.Rules, rule => rule.Document!.Field == path);
        // A client's time is replaced by the hour, so it does not count as stripped.
        Assert.Equal(field.Do == FieldAction.Drop ? [KeyValuePair.Create($"{name}.{path}", 1)] : [], stripped);
    }

    private static bool LeavesNothing(FieldDocument field) => field.Do is FieldAction.Drop or FieldAction.CutHour;

    /// <summary>In .NET, $ in a pattern also matches before a final line feed.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void A_line_feed_after_an_allowed_value_is_not_allowed(string name, string path)
    {
        var field = Field(name, path);
        // White space around a credential is removed before the pattern is applied.
        if (field.Pattern is null || field.Do == FieldAction.FingerprintCredential
            || field.Keeps is not { ValueKind: JsonValueKind.String } example) return;
        using var longer = JsonDocument.Parse(JsonValue.Create(example.GetString() + "\n").ToJsonString());
        Assert.Null(Clean(name, path, longer.RootElement));
    }

    private static FieldDocument Field(string name, string path) =>
        Policies.Everything.Enforced.Events.Single(e => e.Name == name).Fields!.Single(f => f.Field == path);

    /// <summary>Cleans an event in which every other required field has its example value, and this field the given value.</summary>
    private static CleanValue? Clean(string name, string path, JsonElement value)
    {
        var (fields, rules, _) = Fields(name, path, value);
        if (path.Contains("[].", StringComparison.Ordinal))
        {
            var list = rules.Slots.Single(s => path.StartsWith(s.Document!.Field + "[].", StringComparison.Ordinal));
            fields = fields?[list.Slot].List?[0];
        }

        var slot = fields?.Rules.FirstOrDefault(r => r.Document!.Field == path)?.Slot;
        return slot is { } at && !fields![at].IsEmpty ? fields[at] : null;
    }

    private static (CleanFields? Fields, FieldRule Rules, IReadOnlyCollection<KeyValuePair<string, int>> Stripped) Fields(
        string name, string path, JsonElement value)
    {
        var document = Policies.Everything.Enforced.Events.Single(e => e.Name == name);
        var untrusted = new JsonObject { ["name"] = name };
        foreach (var field in document.Fields!)
        {
            if (field.Field == path) EventPath.Put(untrusted, field.Field, JsonNode.Parse(value.GetRawText())!);
            else if (field is { Required: true, Type: not (FieldType.List or FieldType.Usage) }
                && !field.Field.StartsWith(path + "[]", StringComparison.Ordinal)) EventPath.Put(
                untrusted, field.Field, JsonNode.Parse(field.Keeps!.Value.GetRawText())!);
        }

        // Counters are stored as a list of entries, but sent as an object of objects.
        if (document.Fields.FirstOrDefault(f => f.Type == FieldType.Usage) is not null && untrusted["payload"] is JsonArray entries)
        {
            var entry = entries[0]!;
            var number = entry["count"]?.DeepClone() ?? entry["sum"]?.DeepClone() ?? 3;
            var member = path == "payload[].value" ? entry["value"]!.ToString() : path == "payload[].sum" ? "sum" : "count";
            untrusted["payload"] = new JsonObject { [entry["namespace"]!.ToString()] = new JsonObject { [member] = number } };
        }

        // Fulfils a condition of the rule under test, such as "only with a status of 500".
        if (Field(name, path).When is { } when)
        {
            var condition = document.Fields.Single(f => f.As == when.Field);
            EventPath.Put(untrusted, condition.Field, when.AtLeast is { } least
                ? JsonValue.Create(least) : JsonNode.Parse(condition.Keeps!.Value.GetRawText())!);
        }

        var rules = Policies.Everything.Rule(name).Fields;
        return (RawEvents.Fields(RawEvents.Parse(Policies.Everything, untrusted.ToJsonString()).Single(), Tier.Pro, out var stripped),
            rules, stripped);
    }

    private static string Json(FieldDocument field, CleanValue value)
    {
        if (value.Text is { } text) return JsonValue.Create(text).ToJsonString();
        if (value.Texts is { } texts) return new JsonArray([.. texts.Select(t => (JsonNode)JsonValue.Create(t))]).ToJsonString();
        return field.Type == FieldType.Boolean ? value.Number == 1 ? "true" : "false" : JsonValue.Create(value.Number!.Value)
            .ToJsonString();
    }
}
