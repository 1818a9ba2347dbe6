using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Collector.Policy;
using Xunit.Abstractions;

namespace Collector.Tests.Integration.Reading;

/// <summary>Every collected field is visible: each field that the policy keeps changes an answer of the read API.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class FieldReaderTests(DynamoDbLocal dynamoDb, ITestOutputHelper output)
{
    // Fields kept for another reason than to be shown.
    private static readonly Dictionary<string, string> NotShown = new()
    {
        ["license_activation.activation_id"] = "recognises an activation that is reported again",
    };

    // Counters are sent as an object of namespaces, not as the list of fields in policy.json.
    private const string Counters = """{"lambda:invokedruntime":{"python3.12":3},"events:rule:invocation":{"count":3,"sum":5}}""";

    private static readonly Dictionary<string, string> ChangedCounters = new()
    {
        ["payload"] = "{}",
        ["payload[].namespace"] = Counters.Replace("events:rule:invocation", "events:rule:error", StringComparison.Ordinal),
        ["payload[].value"] = Counters.Replace("python3.12", "python3.11", StringComparison.Ordinal),
        ["payload[].count"] = Counters.Replace("\"count\":3", "\"count\":4", StringComparison.Ordinal),
        ["payload[].sum"] = Counters.Replace("\"sum\":5", "\"sum\":6", StringComparison.Ordinal),
    };

    private int worlds;

    [Fact]
    public async Task Every_kept_field_changes_an_answer()
    {
        using var bench = await InsightsBench.Create(dynamoDb, InsightsBench.Everything);
        var unread = new List<string>();
        foreach (var document in bench.Policy.Enforced.Events)
        {
            var kept = (document.Fields ?? []).Where(field => field.As is not null && field.Type != FieldType.List).ToList();
            var shown = kept.Where(field => !NotShown.ContainsKey($"{document.Name}.{field.Field}")).ToList();
            if (shown.Count == 0) continue;
            var usual = await Answers(bench, document, null);
            foreach (var field in shown)
            {
                // A field that only errors have is compared with an error.
                var compared = field.When is null ? usual : await Answers(bench, document, null, field.When);
                if (compared == await Answers(bench, document, field, field.When)) unread.Add($"{document.Name}.{field.Field}");
            }
        }

        output.WriteLine($"{worlds} clients");
        Assert.Empty(unread);
    }

    [Fact]
    public void Every_exception_is_a_kept_field() => Assert.Subset(
        InsightsBench.Everything.Enforced.Events.SelectMany(
            e => (e.Fields ?? []).Where(f => f.As is not null).Select(f => $"{e.Name}.{f.Field}")).ToHashSet(),
        NotShown.Keys.ToHashSet());

    // The read API's answers for a day on which one client, with its own session and token, sends the event with one field changed.
    private async Task<string> Answers(InsightsBench bench, EventDocument document, FieldDocument? changed, Condition? condition = null)
    {
        var world = ++worlds;
        var session = string.Create(CultureInfo.InvariantCulture, $"880c3de5-a2e9-4077-a334-{world:d12}");
        var token = string.Create(CultureInfo.InvariantCulture, $"ls-world-{world}");
        bench.Clock.AdjustTime(TestTime.Start.AddDays(world));
        var sent = Event(document, changed, session, token);
        // Each client sends different bytes; otherwise they would be a repeated request.
        if (changed?.As != "client_time") EventPath.Put(sent, "metadata.client_time", $"2026-11-22 07:32:46.{world:d6}");
        if (condition is { AtLeast: { } least }) EventPath.Put(sent, document.Fields!.Single(f => f.As == condition.Field).Field, least);
        switch (document.Kind)
        {
            case EventKind.Activation:
                await bench.Activate(sent.ToJsonString());
                break;
            case EventKind.Session:
                await bench.Register(sent.ToJsonString());
                await bench.Deliver(InsightsBench.Call(session, "2026-11-22 07:32:46.104217", "s3", "PutObject", 200));
                break;
            default:
                await bench.StartSession(session, token);
                await bench.Deliver(sent.ToJsonString());
                break;
        }

        await bench.Count();
        var day = bench.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var answers = new StringBuilder();
        foreach (var route in new[] { "/stacks", $"/stacks/{session}", $"/stacks/{session}/events", "/license/credits?month=" + day[..7] })
            answers.AppendLine((await bench.Get(route, token)).Body);
        foreach (var kind in new[] { "requests", "cli", "features", "sessions" })
            answers.AppendLine((await bench.Get($"/usage/{kind}?from={day}&to={day}", InsightsBench.OperatorKey)).Body);
        return answers.Replace(session, "SESSION").Replace(day, "DAY").Replace(day[..7], "MONTH").ToString();
    }

    // The event with the example of every field, and with all flags false. The changed field is omitted, a changed flag is true, and a
    // changed edition has another value.
    private static JsonObject Event(EventDocument document, FieldDocument? changed, string session, string token)
    {
        var sent = new JsonObject();
        var counters = document.Fields!.FirstOrDefault(field => field.Type == FieldType.Usage);
        if (document.Kind != EventKind.Activation) sent["name"] = document.Name;
        foreach (var field in document.Fields!.Where(field => field is { As: not null, Keeps: not null } && field.Type != FieldType.List))
        {
            if (counters is not null && field != counters && field.Field.StartsWith(counters.Field, StringComparison.Ordinal)) continue;
            JsonNode? value = field switch
            {
                { Type: FieldType.Usage } =>
                    JsonNode.Parse(changed is null ? Counters : ChangedCounters.GetValueOrDefault(changed.Field, Counters)),
                { Type: FieldType.Boolean } => field == changed ? true : null,
                { Do: FieldAction.DeriveTier } => field == changed ? "community" : "pro",
                _ when field == changed => null,
                { As: "session_id" } => session,
                { As: "credential" } => token,
                _ => JsonNode.Parse(field.Keeps!.Value.GetRawText()),
            };
            if (value is not null) EventPath.Put(sent, field.Field, value);
        }

        return sent;
    }
}
