using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Collector.Policy;
using Xunit.Abstractions;

namespace Collector.Tests.Integration.Reading;

/// <summary>Nothing is collected that nobody can see: of each field that the policy keeps, some answer of a read API depends.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class FieldReaderTests(DynamoDbLocal dynamoDb, ITestOutputHelper output)
{
    // Kept for another reason than to be shown.
    private static readonly Dictionary<string, string> NotShown = new()
    {
        ["aws_request.metadata.client_time"] = "orders the calls of a session",
        ["license_activation.activation_id"] = "recognises an activation that is reported again",
        ["license_activation.product.name"] = "says in the activation's record what was activated",
        ["license_activation.product.version"] = "says in the activation's record what was activated",
    };

    private int worlds;

    [Fact]
    public async Task Every_field_that_is_kept_changes_an_answer()
    {
        using var bench = await InsightsBench.Create(dynamoDb, InsightsBench.Everything);
        var unread = new List<string>();
        foreach (var document in bench.Policy.Enforced.Events)
        {
            foreach (var field in document.Fields ?? [])
            {
                var name = $"{document.Name}.{field.Field}";
                if (field.As is null || field.Type == FieldType.List || NotShown.ContainsKey(name)) continue;
                var with = await Answers(bench, document, field, isSent: true);
                var without = await Answers(bench, document, field, isSent: false);
                if (with == without) unread.Add(name);
            }
        }

        output.WriteLine($"{worlds / 2} fields");
        Assert.Empty(unread);
    }

    [Fact]
    public void Every_exception_is_a_field_that_is_kept() => Assert.Subset(
        InsightsBench.Everything.Enforced.Events.SelectMany(e => (e.Fields ?? []).Where(f => f.As is not null).Select(f => $"{e.Name}.{f.Field}")).ToHashSet(),
        NotShown.Keys.ToHashSet());

    // What the read APIs answer on a day on which one client, with a session and a token of its own, sends the event.
    private async Task<string> Answers(InsightsBench bench, EventDocument document, FieldDocument field, bool isSent)
    {
        var world = ++worlds;
        var session = string.Create(CultureInfo.InvariantCulture, $"880c3de5-a2e9-4077-a334-{world:d12}");
        var token = string.Create(CultureInfo.InvariantCulture, $"ls-world-{world}");
        bench.Clock.AdjustTime(TestTime.Start.AddDays(world));
        var sent = Event(document, field, isSent, session, token);
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

    // The event with the example of every field; the one under test is left out unless it is sent. A flag is sent as true, since false is what its absence means.
    private static JsonObject Event(EventDocument document, FieldDocument field, bool isSent, string session, string token)
    {
        var untrusted = new JsonObject { ["name"] = document.Name };
        foreach (var other in document.Fields!.Where(other => other is { As: not null, Keeps: not null } && other.Type != FieldType.List))
        {
            if (other != field && other.Type == FieldType.Boolean) continue;
            if (other == field && !isSent) continue;
            EventPath.Put(untrusted, other.Field, other.As switch
            {
                "session_id" => session,
                "credential" => token,
                _ when other.Type == FieldType.Boolean => true,
                _ => JsonNode.Parse(other.Keeps!.Value.GetRawText())!,
            });
        }

        if (field.When is { AtLeast: { } least } when) EventPath.Put(untrusted, document.Fields!.Single(f => f.As == when.Field).Field, least);
        return document.Kind == EventKind.Activation ? Unnamed(untrusted) : untrusted;
    }

    private static JsonObject Unnamed(JsonObject request)
    {
        request.Remove("name");
        return request;
    }
}
