using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Collector.Policy;
using Collector.Redaction;

namespace Collector.Tests.Unit.Policy;

/// <summary>
/// policy.json is read and written by hand-written code, with the same result as <see cref="JsonSerializer"/> but more strictly.
/// </summary>
public class PolicyFileTests
{
    private static byte[] Shipped => EmbeddedFile.Open("policy.json").Bytes.ToArray();

    [Fact]
    public void The_policy_is_read_as_the_serializer_reads_it()
    {
        var wanted = JsonSerializer.Deserialize(Shipped, PolicyJson.Default.PolicyDocument)!;
        Assert.Equal(Serialized(wanted), Serialized(PolicyFile.Read(Shipped)));
    }

    [Fact]
    public void The_policy_is_written_as_the_serializer_writes_it()
    {
        Assert.Equal(Serialized(Policies.Shipped.Enforced), Encoding.UTF8.GetString(PolicyFile.Write(Policies.Shipped.Enforced)));
        var read = PolicyFile.Read(Shipped);
        Assert.Equal(Serialized(read), Encoding.UTF8.GetString(PolicyFile.Write(read)));
    }

    [Fact]
    public void A_written_policy_can_be_read_again() =>
        Assert.Equal(Serialized(Policies.Everything.Enforced), Serialized(PolicyFile.Read(Policies.Everything.Json)));

    public static TheoryData<string, string> Mistakes => new()
    {
        { "", """{"version": 1}""" },
        { "", """[]""" },
        { "", """{"version": 1""" },
        { "", """{"version": 1, "about": "a", "retention": {}, "events": []} {}""" },
        { "", """{"version": 1, "about": "a", "retention": {}, "events": [], "version": 2}""" },
        { "", """{"version": 1, "about": "a", "retention": {"call": {"holds": "a"}, "call": {"holds": "b"}}, "events": []}""" },
        { "", """{"version": 1, "about": "a", "retention": {}, "events": [], "sentences": {"a": "b", "a": "c"}}""" },
        { "version", "\"1\"" },
        { "about", "7" },
        { "track_events", "\"yes\"" },
        { "retention.session.days", "\"90\"" },
        { "retention.session", "{}" },
        { "events", "{}" },
        { "events[0].kind", "\"Session\"" },
        { "events[0].kind", "\"nothing_known\"" },
        { "events[0].kind", "2" },
        { "events[0].tier", "\"1\"" },
        { "events[0].name", "null" },
        { "events[0].unknown", "true" },
        { "events[0].fields[0].field", "7" },
        { "events[0].fields[0].do", "null" },
        { "events[0].fields[0].do", "\"keep, drop\"" },
        { "events[0].fields[0].values", "[1]" },
        { "events[0].fields[0].max_length", "1.5" },
        { "events[0].fields[0].max_length", "4294967386" },
        { "events[0].fields[0].max_length", "-1" },
        { "events[0].fields[0].when", "\"payload.x\"" },
        { "events[0].fields[0].when", "{\"at_least\": 1}" },
        { "events[0].fields[0].required", "1" },
        { "events[0].fields[0].keep", "\"misspelt\"" },
        { "sentences", "{\"session\": 1}" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_in_the_file_is_found(string path, string value)
    {
        var json = Encoding.UTF8.GetBytes(With(path, value));
        var message = Assert.Throws<InvalidDataException>(() => PolicyFile.Read(json)).Message;
        Assert.StartsWith("policy.json: ", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 20, 250);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("events[0].fields[0].max_length", "1.5", "policy.json: a field (payload.session_id) has a mistake: max_length is not a whole number")]
    [InlineData("events[0].tier", "\"1\"", "policy.json: an event (session) has a mistake: tier is not a known word")]
    [InlineData("events[0].name", "null", "policy.json: an event has no name")]
    [InlineData("track_event", "true",
        "policy.json: the policy has an unknown or duplicate member among version, about, sentences, retention, events, track_event")]
    public void A_mistake_is_named(string path, string value, string message) => Assert.Equal(
        message, Assert.Throws<InvalidDataException>(() => PolicyFile.Read(Encoding.UTF8.GetBytes(With(path, value)))).Message);

    private static string Serialized(PolicyDocument document) => JsonSerializer.Serialize(document, PolicyJson.Default.PolicyDocument);

    /// <summary>The shipped policy with another value at one path.</summary>
    private static string With(string path, string value)
    {
        if (path.Length == 0) return value;
        var root = JsonNode.Parse(Shipped)!;
        var node = root;
        var steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        foreach (var step in steps[..^1]) node = step[0] == '[' ? node[int.Parse(step[1..^1], null)]! : node[step]!;
        node[steps[^1]] = JsonNode.Parse(value);
        return root.ToJsonString();
    }
}
