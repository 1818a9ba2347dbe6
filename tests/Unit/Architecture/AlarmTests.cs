using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Collector.Local.Template;

namespace Collector.Tests.Unit.Architecture;

/// <summary>Every number in an alarm's description is set by the template: its threshold, a timeout, or a record's age.</summary>
public sealed partial class AlarmTests
{
    private static readonly JsonObject Root = TemplateYaml.Parse(File.ReadAllText(Path.Combine(Repository.Root, "template.yaml")));
    private static readonly JsonObject Resources = Root["Resources"]!.AsObject();

    public static TheoryData<string> Alarms() =>
        [.. Resources.Where(r => (string?)r.Value!["Type"] == "AWS::CloudWatch::Alarm").Select(r => r.Key)];

    [Theory]
    [MemberData(nameof(Alarms))]
    public void The_numbers_in_an_alarms_description_are_those_of_the_template(string alarm)
    {
        var properties = Resources[alarm]!["Properties"]!;
        var description = (string)properties["AlarmDescription"]!;
        var quoted = Number().Matches(description).Select(match => match.Value).ToList();
        Assert.Equal(Expected(properties, description), quoted);
        Assert.DoesNotMatch(NumberWord(), description);
    }

    [Fact]
    public void A_deletion_waits_longer_than_the_longest_timeout_that_its_parameter_names()
    {
        var longest = Resources.Where(r =>
            r.Value!["Properties"]?["Events"] is not null && r.Key is not ("EraserFunction" or "RollupFunction"))
            .Max(r => Seconds(r.Key));
        var parameter = Root["Parameters"]!["ErasureSettleSeconds"]!;
        Assert.Contains($"({longest} s)", (string)parameter["Description"]!, StringComparison.Ordinal);
        Assert.True((long)parameter["Default"]! > longest);
    }

    // An alarm for unfinished work quotes the function's timeout, an alarm for used time its threshold, and an alarm for a record's age
    // both "30 minutes" and the "23 hours" after which Lambda gives up on a record.
    private static List<string> Expected(JsonNode properties, string description)
    {
        var threshold = (long)properties["Threshold"]!;
        var dimensions = (properties["Dimensions"]?.AsArray() ?? []).ToDictionary(d => (string)d!["Name"]!, d => d!["Value"]!);
        return (string?)properties["MetricName"] switch
        {
            "time_used_percent" => [Text(threshold)],
            "unfinished" when Number().IsMatch(description) => [Text(Seconds(FunctionOf((string)dimensions["function"]!)))],
            "IteratorAge" =>
            [
                Text(threshold / 60_000),
                Text(Assert.Single(RecordAges((string)dimensions["FunctionName"]["Ref"]!).Distinct()) / 3600),
            ],
            _ => [],
        };
    }

    private static string FunctionOf(string handler) => Resources.Single(r => (string?)r.Value!["Properties"]?["Handler"] == handler).Key;

    private static long Seconds(string function) =>
        (long)(Resources[function]!["Properties"]!["Timeout"] ?? Root["Globals"]!["Function"]!["Timeout"])!;

    private static IEnumerable<long> RecordAges(string function) => Resources[function]!["Properties"]!["Events"]!.AsObject()
        .Select(source => source.Value!["Properties"]!["MaximumRecordAgeInSeconds"]).OfType<JsonNode>().Select(age => (long)age);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<![\w])\d+(?![\w])")]
    private static partial Regex Number();

    [GeneratedRegex(@"\b(half|two|three|ten|most of|an hour|a second)\b")]
    private static partial Regex NumberWord();
}
