using System.Text;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>
/// A mistake in policy.json is an exception with one line that says where it is. An event's rules are compiled when it first arrives.
/// </summary>
public sealed class PolicyMistakesTests
{
    private const string Beginning = "\"version\": 1, \"about\": \"a\"";

    [Theory]
    [InlineData("[]", "the policy is not an object")]
    [InlineData("{}", "the policy has no version")]
    [InlineData("{\"version\": 1}", "the policy has no about")]
    [InlineData("{" + Beginning + "}", "the policy has no retention")]
    [InlineData("{" + Beginning + ", \"retention\": {}}", "the policy has no events")]
    [InlineData("{" + Beginning + ", \"retention\": []}", "the policy has a mistake: retention is not an object")]
    [InlineData("{" + Beginning + ", \"retention\": {\"call\": {}}}", "a retention has no holds")]
    [InlineData("{" + Beginning + ", \"retention\": {\"call\": {\"holds\": \"a\", \"x\": 1}}}",
        "a retention has an unknown or duplicate member among holds, x")]
    [InlineData("{" + Beginning + ", \"retention\": {\"a\": {\"holds\": \"a\"}, \"a\": {\"holds\": \"b\"}}}",
        "the policy has a mistake: retention has a twice")]
    [InlineData("{" + Beginning + ", \"retention\": {}, \"events\": {}}", "the policy has a mistake: events is not a list")]
    [InlineData("{" + Beginning + ", \"retention\": {}, \"events\": [], \"sentences\": {\"a\": \"b\", \"a\": \"c\"}}",
        "the policy has a mistake: sentences has a twice")]
    [InlineData("{" + Beginning + ", \"retention\": {}, \"events\": [], \"track_event\": true}",
        "the policy has an unknown or duplicate member among version, about, retention, events, track_event")]
    public void Of_the_policy(string json, string mistake) => Assert.Equal($"policy.json: {mistake}", Read(json));

    [Theory]
    [InlineData("", "an event has no name")]
    [InlineData("\"name\": \"x\"", "an event (x) has no kind")]
    [InlineData("\"name\": \"x\", \"kind\": \"cli\"", "an event (x) has no collected")]
    [InlineData("\"name\": \"x\", \"kind\": \"cli\", \"collected\": true", "an event (x) has no sentence")]
    [InlineData("\"name\": \"x\", \"kind\": \"Cli\"", "an event (x) has a mistake: kind is not a known word")]
    [InlineData("\"name\": 7", "an event has a mistake: name is not a string")]
    [InlineData("\"name\": \"x\", \"kind\": \"cli\", \"collected\": 1", "an event (x) has a mistake: collected is not true or false")]
    [InlineData("\"name\": \"x\", \"kind\": \"cli\", \"collected\": true, \"sentence\": \"s\", \"y\": 1",
        "an event (x) has an unknown or duplicate member among name, kind, collected, sentence, y")]
    public void Of_an_event(string members, string mistake) =>
        Assert.Equal($"policy.json: {mistake}", Read($"{{{Beginning}, \"retention\": {{}}, \"events\": [{{{members}}}]}}"));

    [Theory]
    [InlineData("", "a field has no field")]
    [InlineData("\"field\": \"f\"", "a field (f) has no do")]
    [InlineData("\"field\": \"f\", \"do\": \"keep\"", "a field (f) has no sentence")]
    [InlineData("\"field\": \"f\", \"do\": \"kept\"", "a field (f) has a mistake: do is not a known word")]
    [InlineData("\"field\": \"f\", \"do\": \"keep\", \"sentence\": \"s\", \"values\": {}", "a field (f) has a mistake: values is not a list")]
    [InlineData("\"field\": \"f\", \"do\": \"keep\", \"sentence\": \"s\", \"values\": [1]", "a field (f) has a mistake: values is not a string")]
    [InlineData("\"field\": \"f\", \"do\": \"keep\", \"sentence\": \"s\", \"min\": \"1\"",
        "a field (f) has a mistake: min is not a whole number")]
    [InlineData("\"field\": \"f\", \"do\": \"keep\", \"sentence\": \"s\", \"at_most\": 2147483648",
        "a field (f) has a mistake: at_most is out of range")]
    [InlineData("\"field\": \"f\", \"do\": \"keep\", \"sentence\": \"s\", \"at_most\": -1", "a field (f) has a mistake: at_most is out of range")]
    [InlineData("\"field\": \"f\", \"do\": \"keep\", \"sentence\": \"s\", \"when\": {}", "a condition has no field")]
    [InlineData("\"field\": \"f\", \"do\": \"keep\", \"sentence\": \"s\", \"when\": {\"field\": \"g\", \"x\": 1}",
        "a condition (g) has an unknown or duplicate member among field, x")]
    public void Of_a_field(string members, string mistake) => Assert.Equal($"policy.json: {mistake}", Read(
        $"{{{Beginning}, \"retention\": {{}}, \"events\": [{{\"name\": \"x\", \"kind\": \"cli\", \"collected\": true, \"sentence\": \"s\", \"fields\": [{{{members}}}]}}]}}"));

    [Theory]
    [InlineData("cli", "{\"field\": \"a.b\"}, {\"field\": \"a.b\"}", "x.a.b is defined twice")]
    [InlineData("cli", "{\"field\": \"a.b\"}, {\"field\": \"a\"}", "x.a is defined twice")]
    [InlineData("cli", "{\"field\": \"l[].a\"}, {\"field\": \"l\", \"type\": \"list\", \"at_most\": 1}", "x names l[].a before its list")]
    [InlineData("call", "{\"field\": \"a\"}", "x belongs to a session but has no rule for metadata.session_id")]
    [InlineData("cli", "{\"field\": \"l\", \"type\": \"list\"}", "x.l needs an at_most from 1 to 8192 if it is cut, and none otherwise")]
    [InlineData("cli", "{\"field\": \"l\", \"type\": \"list\", \"at_most\": 0}",
        "x.l needs an at_most from 1 to 8192 if it is cut, and none otherwise")]
    [InlineData("cli", "{\"field\": \"a\", \"at_most\": 1}", "x.a needs an at_most from 1 to 8192 if it is cut, and none otherwise")]
    [InlineData("cli", "{\"field\": \"a\", \"when\": {\"field\": \"b\"}}, {\"field\": \"b\", \"as\": \"b\"}",
        "x.a depends on b, which is not defined before it")]
    public void Of_rules_that_contradict_each_other(string kind, string fields, string mistake) => Assert.Equal(
        $"policy.json: {mistake}", Assert.Throws<InvalidDataException>(() => TestPolicy.Of(kind, fields).Rule("x").Fields).Message);

    [Theory]
    [InlineData("jane")]
    [InlineData("config")]
    public void A_switch_that_names_no_feature_names_those_there_are(string name)
    {
        var message = Assert.Throws<InvalidDataException>(() => Policies.With(extra: [name])).Message;
        Assert.StartsWith($"EXTRA_FEATURES names {name}, which is not a feature of the policy; its features are ", message,
            StringComparison.Ordinal);
        Assert.EndsWith(string.Join(", ", Policies.Shipped.Enforced.Events.Where(e => e.Feature).Select(e => e.Name)), message,
            StringComparison.Ordinal);
    }

    private static string Read(string json) =>
        Assert.Throws<InvalidDataException>(() => PolicyFile.Read(Encoding.UTF8.GetBytes(json))).Message;
}
