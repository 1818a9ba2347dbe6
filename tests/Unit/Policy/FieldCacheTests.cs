using System.Text;
using Collector.Policy;
using Collector.Tests.Unit.Privacy;

namespace Collector.Tests.Unit.Policy;

/// <summary>A batch is cleaned exactly as its events are one by one: the cache saves work and changes no result.</summary>
public class FieldCacheTests
{
    private const string SessionId = "880c3de5-a2e9-4077-a334-3426cdeefe24";

    [Fact]
    [Trait("Speed", "Seconds")]
    public void Each_event_of_a_batch_has_the_same_result_as_alone()
    {
        var policy = Policies.Everything;
        var generator = new EventGenerator(7, policy.Enforced.Events);
        var random = new Random(7);
        var kept = 0;
        for (var batch = 0; batch < 400; batch++)
        {
            // One marker is used for several events, so that removed values are cached too.
            var marker = generator.Marker();
            var events = Enumerable.Range(0, 50).Select(_ => generator.Event(marker, SessionId).ToJsonString()).ToList();
            var together = RawEvents.Parse(policy, events);
            for (var i = 0; i < events.Count; i++)
            {
                var alone = RawEvents.Parse(policy, events[i]).Single();
                Assert.Equal(alone.Rule, together[i].Rule);
                if (alone.Rule is not { Collected: true }) continue;
                var tier = random.Next(2) == 0 ? Tier.Pro : Tier.Community;
                var content = Content(alone, tier);
                Assert.Equal(content, Content(together[i], tier));
                if (content.Length > 0) kept++;
            }
        }

        Assert.True(kept > 2_000, $"only {kept} events were kept");
    }

    [Fact]
    public void A_field_kept_for_a_pro_session_is_not_kept_for_a_community_session()
    {
        var calls = RawEvents.Parse(Policies.Shipped, Call("sqs", 400), Call("sqs", 400));
        Assert.Equal("us-east-1", Field(calls[0], "region", Tier.Pro));
        Assert.Null(Field(calls[1], "region", Tier.Community));
        Assert.Null(Field(calls[1], "err_msg", Tier.Community));
    }

    [Fact]
    public void A_message_is_kept_only_for_failed_calls()
    {
        var calls = RawEvents.Parse(Policies.Shipped, Call("sqs", 400), Call("sqs", 200), Call("sqs", 400));
        Assert.NotNull(Field(calls[0], "err_msg", Tier.Pro));
        Assert.Null(Field(calls[1], "err_msg", Tier.Pro));
        Assert.NotNull(Field(calls[2], "err_msg", Tier.Pro));
    }

    [Fact]
    public void An_operation_is_looked_up_within_its_own_service()
    {
        var calls = RawEvents.Parse(Policies.Shipped, Call("sqs", 400), Call("s3", 400), Call("\\u0073qs", 400, "Delete\\u0051ueue"));
        Assert.Equal("DeleteQueue", Field(calls[0], "operation", Tier.Pro));
        Assert.Equal("other", Field(calls[1], "operation", Tier.Pro));
        Assert.Equal("DeleteQueue", Field(calls[2], "operation", Tier.Pro));
    }

    [Fact]
    public void A_stripped_field_is_counted_each_time()
    {
        foreach (var call in RawEvents.Parse(
            Policies.Shipped, Enumerable.Repeat(Call("sqs", 400).Replace("\"us-east-1\"", "7", StringComparison.Ordinal), 3)))
        {
            var verdict = Policies.Shipped.Clean(call, Tier.Pro);
            Assert.Equal(new KeyValuePair<string, int>("aws_request.payload.region", 1), Assert.Single(verdict.Stripped));
        }
    }

    private static string Call(string service, int status, string operation = "DeleteQueue") => $$"""
        {"name": "aws_request", "metadata": {"session_id": "{{SessionId}}"}, "payload": {"service": "{{service}}", "operation": "{{operation}}",
         "status_code": {{status}}, "err_msg": "The specified queue does not exist.", "region": "us-east-1"} }
        """;

    private static string? Field(RawEvent untrusted, string name, Tier tier) => RawEvents.Fields(untrusted, tier, out _)!.Text(name);

    // The remaining fields of the event and its stripped fields; empty when the event is dropped.
    private static string Content(RawEvent untrusted, Tier tier)
    {
        if (RawEvents.Fields(untrusted, tier, out var stripped) is not { } fields) return "";
        var content = new StringBuilder();
        Write(content, fields);
        return content.AppendJoin(' ', stripped).ToString();
    }

    private static void Write(StringBuilder content, CleanFields fields)
    {
        for (var slot = 0; slot < fields.Rules.Count; slot++)
        {
            var value = fields[slot];
            content.Append(fields.Rules[slot].Path).Append('=').Append(value.Text).Append(value.Number).AppendJoin(',', value.Texts ?? [])
                .Append(';');
            foreach (var entry in value.List ?? []) Write(content, entry);
        }
    }
}
