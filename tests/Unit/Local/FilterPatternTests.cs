using System.Text.Json.Nodes;
using Collector.Local.Streams;
using Collector.Local.Template;

namespace Collector.Tests.Unit.Local;

public sealed class FilterPatternTests
{
    private static readonly JsonObject Record = JsonNode.Parse("""
        {"eventName": "INSERT", "dynamodb": {"NewImage": {"kind": {"S": "calls-pro"}, "n": {"N": "12"}, "tags": {"SS": ["a", "b"]}, "none": {"NULL": true}}}}
        """)!.AsObject();

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"eventName": ["INSERT"]}""", true)]
    [InlineData("""{"eventName": ["MODIFY", "INSERT"]}""", true)]
    [InlineData("""{"eventName": ["REMOVE"]}""", false)]
    [InlineData("""{"eventName": ["INSERT"], "dynamodb": {"NewImage": {"kind": {"S": ["other"]}}}}""", false)]
    [InlineData("""{"dynamodb": {"NewImage": {"kind": {"S": [{"prefix": "calls"}]}}}}""", true)]
    [InlineData("""{"dynamodb": {"NewImage": {"kind": {"S": [{"prefix": "cli"}]}}}}""", false)]
    [InlineData("""{"dynamodb": {"NewImage": {"kind": {"S": [{"suffix": "pro"}]}}}}""", true)]
    [InlineData("""{"dynamodb": {"NewImage": {"kind": {"S": [{"equals-ignore-case": "CALLS-PRO"}]}}}}""", true)]
    [InlineData("""{"dynamodb": {"NewImage": {"kind": {"S": [{"anything-but": ["calls-pro"]}]}}}}""", false)]
    [InlineData("""{"dynamodb": {"NewImage": {"kind": {"S": [{"anything-but": "x"}]}}}}""", true)]
    [InlineData("""{"dynamodb": {"NewImage": {"kind": {"S": [{"anything-but": {"prefix": "calls"}}]}}}}""", false)]
    [InlineData("""{"dynamodb": {"NewImage": {"missing": {"S": [{"exists": false}]}}}}""", true)]
    [InlineData("""{"dynamodb": {"NewImage": {"kind": {"S": [{"exists": true}]}}}}""", true)]
    [InlineData("""{"dynamodb": {"NewImage": {"kind": {"S": [{"exists": false}]}}}}""", false)]
    [InlineData("""{"dynamodb": {"NewImage": {"n": {"N": [{"numeric": [">", 10, "<=", 12]}]}}}}""", true)]
    [InlineData("""{"dynamodb": {"NewImage": {"n": {"N": [{"numeric": ["<", 12]}]}}}}""", false)]
    [InlineData("""{"dynamodb": {"NewImage": {"tags": {"SS": ["b"]}}}}""", true)]
    [InlineData("""{"dynamodb": {"NewImage": {"tags": {"SS": ["c"]}}}}""", false)]
    [InlineData("""{"$or": [{"eventName": ["REMOVE"]}, {"dynamodb": {"NewImage": {"n": {"N": ["12"]}}}}]}""", true)]
    public void A_pattern_matches_or_not(string pattern, bool matches) => Assert.Equal(matches, new FilterPattern(pattern).Matches(Record));

    [Theory]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"eventName": "INSERT"}""")]
    [InlineData("""{"eventName": []}""")]
    public void What_is_not_a_pattern_is_refused(string pattern) => Assert.Throws<TemplateException>(() => new FilterPattern(pattern));
}
