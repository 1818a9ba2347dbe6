using System.Text.Json.Nodes;
using Collector.Local.Streams;
using Collector.Local.Template;

namespace Collector.Tests.Unit.Local;

public sealed class FilterPatternTests
{
    private static readonly JsonObject Record = JsonNode.Parse("""
        {"eventName": "INSERT", "dynamodb": {"NewImage": {"kind": {"S": "calls-pro"}, "n": {"N": "12"}}}}
        """)!.AsObject();

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"eventName": ["INSERT"]}""", true)]
    [InlineData("""{"eventName": ["MODIFY", "INSERT"]}""", true)]
    [InlineData("""{"eventName": ["REMOVE"]}""", false)]
    [InlineData("""{"eventName": ["INSERT"], "dynamodb": {"NewImage": {"kind": {"S": ["other"]}}}}""", false)]
    [InlineData("""{"eventName": ["INSERT"], "dynamodb": {"NewImage": {"kind": {"S": ["calls-pro"]}}}}""", true)]
    [InlineData("""{"dynamodb": {"NewImage": {"missing": {"S": ["calls-pro"]}}}}""", false)]
    public void A_pattern_matches_or_not(string pattern, bool matches) => Assert.Equal(matches, new FilterPattern(pattern).Matches(Record));

    [Theory]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"eventName": "INSERT"}""")]
    [InlineData("""{"eventName": []}""")]
    [InlineData("""{"eventName": [{"prefix": "INS"}]}""")]
    public void An_invalid_pattern_is_refused(string pattern) => Assert.Throws<TemplateException>(() => new FilterPattern(pattern));
}
