using System.Text;
using System.Text.Json;
using Collector.Policy;
using Collector.Tests.Unit.Privacy;

namespace Collector.Tests.Unit.Policy;

/// <summary>A batch is cleaned as its events are one by one: what is remembered saves work and changes nothing.</summary>
public class BatchMemoryTests
{
    private const string SessionId = "880c3de5-a2e9-4077-a334-3426cdeefe24";

    [Fact]
    public void Each_event_of_a_batch_comes_to_what_it_comes_to_alone()
    {
        var policy = Policies.Everything;
        var generator = new EventGenerator(7, policy.Enforced.Events);
        var random = new Random(7);
        var memory = new BatchMemory();
        var marker = generator.Marker();
        var kept = 0;
        for (var i = 0; i < 20_000; i++)
        {
            // A marker stands for some events, so that what is removed is remembered too.
            if (i % 50 == 0) (memory, marker) = (new BatchMemory(), generator.Marker());
            using var json = JsonDocument.Parse(generator.Event(marker, SessionId).ToJsonString());
            if (policy.Find(json.RootElement) is not { Collected: true } rule) continue;
            var tier = random.Next(2) == 0 ? EventTier.Pro : EventTier.All;
            var alone = Content(rule, json.RootElement, new Cleaning(Policies.Fingerprints, tier, new BatchMemory()));
            Assert.Equal(alone, Content(rule, json.RootElement, new Cleaning(Policies.Fingerprints, tier, memory)));
            if (alone.Length > 0) kept++;
        }

        Assert.True(kept > 2_000, $"only {kept} events were kept");
    }

    [Fact]
    public void What_a_pro_session_may_say_is_not_kept_of_another_that_says_the_same()
    {
        var memory = new BatchMemory();
        Assert.Equal("us-east-1", Field(Call("sqs", 400), "region", EventTier.Pro, memory));
        Assert.Null(Field(Call("sqs", 400), "region", EventTier.All, memory));
        Assert.Null(Field(Call("sqs", 400), "err_msg", EventTier.All, memory));
    }

    [Fact]
    public void A_message_is_kept_of_the_calls_that_failed_alone()
    {
        var memory = new BatchMemory();
        Assert.NotNull(Field(Call("sqs", 400), "err_msg", EventTier.Pro, memory));
        Assert.Null(Field(Call("sqs", 200), "err_msg", EventTier.Pro, memory));
        Assert.NotNull(Field(Call("sqs", 400), "err_msg", EventTier.Pro, memory));
    }

    [Fact]
    public void An_operation_is_its_services_own()
    {
        var memory = new BatchMemory();
        Assert.Equal("DeleteQueue", Field(Call("sqs", 400), "operation", EventTier.Pro, memory));
        Assert.Equal("other", Field(Call("s3", 400), "operation", EventTier.Pro, memory));
        Assert.Equal("DeleteQueue", Field(Call("\\u0073qs", 400, "Delete\\u0051ueue"), "operation", EventTier.Pro, memory));
    }

    [Fact]
    public void What_is_stripped_is_counted_each_time()
    {
        var memory = new BatchMemory();
        for (var i = 0; i < 3; i++)
        {
            using var json = JsonDocument.Parse(Call("sqs", 400).Replace("us-east-1", "jane", StringComparison.Ordinal));
            var verdict = Policies.Shipped.Clean(Policies.Shipped.Rule("aws_request"), json.RootElement, EventTier.Pro, memory);
            Assert.Equal(new KeyValuePair<string, int>("aws_request.payload.region", 1), Assert.Single(verdict.Stripped));
        }
    }

    private static string Call(string service, int status, string operation = "DeleteQueue") => $$"""
        {"name": "aws_request", "metadata": {"session_id": "{{SessionId}}"}, "payload": {"service": "{{service}}", "operation": "{{operation}}",
         "status_code": {{status}}, "err_msg": "The specified queue does not exist.", "region": "us-east-1"} }
        """;

    private static string? Field(string untrusted, string name, EventTier tier, BatchMemory memory)
    {
        using var json = JsonDocument.Parse(untrusted);
        return CleanFields.Apply(Policies.Shipped.Rule("aws_request").Fields, json.RootElement, new Cleaning(Policies.Fingerprints, tier, memory))!.Text(name);
    }

    // All that is left of the event, and what was stripped; nothing when it is dropped.
    private static string Content(EventRule rule, JsonElement untrusted, Cleaning cleaning)
    {
        if (CleanFields.Apply(rule.Fields, untrusted, cleaning) is not { } fields) return "";
        var content = new StringBuilder();
        Write(content, fields);
        return content.AppendJoin(' ', cleaning.Stripped).ToString();
    }

    private static void Write(StringBuilder content, CleanFields fields)
    {
        for (var slot = 0; slot < fields.Rules.Count; slot++)
        {
            var value = fields[slot];
            content.Append(fields.Rules[slot].Path).Append('=').Append(value.Text).Append(value.Number).AppendJoin(',', value.Texts ?? []).Append(';');
            foreach (var entry in value.List ?? []) Write(content, entry);
        }
    }
}
