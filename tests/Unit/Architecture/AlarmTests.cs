using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Collector.Local.Template;

namespace Collector.Tests.Unit.Architecture;

/// <summary>Every number in an alarm's description is one that the template sets: its threshold, a time-out, a record's age.</summary>
public sealed partial class AlarmTests
{
    private static readonly JsonObject Root = TemplateYaml.Parse(File.ReadAllText(Path.Combine(Repository.Root, "template.yaml")));
    private static readonly JsonObject Resources = Root["Resources"]!.AsObject();

    public static TheoryData<string> Alarms() =>
        [.. Resources.Where(r => (string?)r.Value!["Type"] == "AWS::CloudWatch::Alarm").Select(r => r.Key)];

    [Theory]
    [MemberData(nameof(Alarms))]
    public void An_alarm_says_what_it_measures(string alarm)
    {
        var properties = Resources[alarm]!["Properties"]!;
        var description = (string)properties["AlarmDescription"]!;
        var quoted = Number().Matches(description).Select(match => match.Value).ToList();
        Assert.Equal(Expected(properties), quoted);
        Assert.DoesNotMatch(NumberWord(), description);
    }

    [Fact]
    public void A_deletion_waits_longer_than_the_longest_time_out_that_its_parameter_names()
    {
        var longest = Resources.Where(r =>
            r.Value!["Properties"]?["Events"] is not null && r.Key is not ("EraserFunction" or "FoldFunction"))
            .Max(r => Seconds(r.Key));
        var parameter = Root["Parameters"]!["ErasureSettleSeconds"]!;
        Assert.Contains($"({longest} s)", (string)parameter["Description"]!, StringComparison.Ordinal);
        Assert.True((long)parameter["Default"]! > longest);
    }

    // A duration is quoted as "8 of the 10 seconds": the threshold and the time-out that all functions of the alarm share. An age as "30
    // minutes", and "23 hours" from which on Lambda gives a record up.
    private static List<string> Expected(JsonNode properties)
    {
        var threshold = (long)properties["Threshold"]!;
        var metrics = (properties["Metrics"]?.AsArray() ?? []).Select(m => m!["MetricStat"]?["Metric"]).OfType<JsonNode>()
            .Append(properties)
            .Where(m => m["Dimensions"] is not null).ToList();
        var functions = metrics.SelectMany(m => m["Dimensions"]!.AsArray()).Where(d => (string?)d!["Name"] == "FunctionName")
            .Select(d => (string)d!["Value"]!["Ref"]!).ToList();
        return (string?)metrics[0]["MetricName"] switch
        {
            "Duration" => [Text(threshold / 1000), Text(Assert.Single(functions.Select(Seconds).Distinct()))],
            "IteratorAge" => [Text(threshold / 60_000), Text(Assert.Single(functions.SelectMany(RecordAges).Distinct()) / 3600)],
            _ => [],
        };
    }

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
