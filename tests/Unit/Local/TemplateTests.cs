using System.Text.Json.Nodes;
using Collector.Local.Template;

namespace Collector.Tests.Unit.Local;

/// <summary>Reading a SAM template for one machine.</summary>
public sealed class TemplateTests
{
    private const string Stack = """
        Parameters:
          Text: { Type: String, Default: plain }
          On: { Type: String, Default: "true", AllowedValues: ["true", "false"] }
          Days: { Type: Number, Default: 90, MinValue: 1, MaxValue: 400 }
        Conditions:
          IsOn: !Equals [!Ref On, true]
          IsOff: !Not [!Condition IsOn]
          Both: !And [!Condition IsOn, !Equals [a, a]]
          One: !Or [!Condition IsOff, Condition: IsOn]
          Loop: !Not [!Condition Loop]
        Resources:
          Table:
            Type: AWS::DynamoDB::Table
            Properties: { TableName: !Sub "${AWS::StackName}-things" }
          Key:
            Type: AWS::SecretsManager::Secret
            Properties: { GenerateSecretString: { PasswordLength: 8 } }
          Queue: { Type: AWS::SQS::Queue }
          Ignored: { Type: AWS::CloudWatch::Alarm, Properties: { Nothing: !Transform { Name: x } } }
        """;

    [Theory]
    [InlineData("!Ref Text", "\"plain\"")]
    [InlineData("{ Ref: Text }", "\"plain\"")]
    [InlineData("!Ref AWS::Region", "\"us-east-1\"")]
    [InlineData("!Ref Table", "\"usage-things\"")]
    [InlineData("!Sub 'x-${Text}-${AWS::AccountId}'", "\"x-plain-000000000000\"")]
    [InlineData("Fn::Sub: '${Table.Arn}'", "\"arn:aws:dynamodb:us-east-1:000000000000:table/usage-things\"")]
    [InlineData("!GetAtt Table.StreamArn", "\"arn:aws:dynamodb:us-east-1:000000000000:table/usage-things/stream/local\"")]
    [InlineData("Fn::GetAtt: [Queue, Arn]", "\"arn:aws:sqs:us-east-1:000000000000:usage-Queue\"")]
    [InlineData("!If [IsOn, yes-it-is, !Ref Missing]", "\"yes-it-is\"")]
    [InlineData("!If [IsOff, 1, { a: !Ref Text }]", """{"a":"plain"}""")]
    [InlineData("!If [Both, 1, 2]", "1")]
    [InlineData("!If [One, 1, 2]", "1")]
    [InlineData("{ kept: 1, gone: !If [IsOff, x, !Ref AWS::NoValue] }", """{"kept":1}""")]
    [InlineData("[1, !Ref AWS::NoValue, 2]", "[1,2]")]
    [InlineData("!Sub '{{resolve:secretsmanager:${Key}}}'", "\"secret of Key\"")]
    [InlineData("{ a: true, b: 'true', c: 007, d: 7 }", """{"a":true,"b":"true","c":"007","d":7}""")]
    public void An_intrinsic_is_resolved(string yaml, string expected)
    {
        var value = Resolve(yaml);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), value), $"{value?.ToJsonString()} is not {expected}");
    }

    [Theory]
    [InlineData("!Ref Missing", "Ref Missing: no parameter or resource has that name")]
    [InlineData("!GetAtt Missing.Arn", "GetAtt Missing.Arn: no resource has that name")]
    [InlineData("!Sub '${Missing}'", "Ref Missing: no parameter or resource has that name")]
    [InlineData("!If [Missing, 1, 2]", "the template has no condition Missing")]
    [InlineData("!If [Loop, 1, 2]", "the condition Loop depends on itself")]
    [InlineData("!If [IsOn, 1]", "Fn::If needs a list of 3")]
    [InlineData("!Nonsense x", "Fn::Nonsense is not supported here")]
    [InlineData("!Join [',', [a]]", "Fn::Join is not supported here")]
    [InlineData("!Sub '{{resolve:ssm:x}}'", "{{resolve:ssm:…}} is not supported here")]
    [InlineData("!Sub '{{resolve:secretsmanager:other}}'", "the template has no secret other")]
    public void An_unresolvable_expression_is_reported_with_its_reason(string yaml, string message) =>
        Assert.Equal(message, Assert.Throws<TemplateException>(() => Resolve(yaml)).Message);

    [Theory]
    [InlineData("On", "maybe", "the parameter On must be one of true, false")]
    [InlineData("Days", "0", "the parameter Days must be a number from 1 to 400")]
    [InlineData("Days", "401", "the parameter Days must be a number from 1 to 400")]
    [InlineData("Days", "x", "the parameter Days must be a number from 1 to 400")]
    [InlineData("Other", "x", "there is no parameter Other")]
    public void A_parameter_that_breaks_its_own_rules_is_refused(string name, string value, string message) =>
        Assert.Equal(message, Assert.Throws<TemplateException>(() => Resolve("1", (name, value))).Message);

    [Theory]
    [InlineData("1")]
    [InlineData("400")]
    public void A_parameter_at_its_limit_is_accepted(string days) =>
        Assert.Equal(days, (string?)Resolve("!Ref Days", ("Days", days)));

    [Theory]
    [InlineData("a: [", "line ")]
    [InlineData("- a", "it is not one YAML mapping")]
    [InlineData("a: 1\nb: 2\na: 3", "line ")]
    public void An_invalid_template_is_reported_with_its_place(string yaml, string message) =>
        Assert.StartsWith(message, Assert.Throws<TemplateException>(() => TemplateYaml.Parse(yaml)).Message, StringComparison.Ordinal);

    [Fact]
    public void Resources_with_a_false_condition_and_unused_types_are_skipped()
    {
        var template = Read(Stack + "\n  Off: { Type: AWS::DynamoDB::Table, Condition: IsOff, Properties: { TableName: off } }");
        Assert.Equal("usage-things", Assert.Single(template.Tables).Name);
    }

    [Fact]
    public void A_functions_own_settings_override_the_globals()
    {
        var template = Read("""
            Globals:
              Function:
                Timeout: 7
                MemorySize: 512
                Environment: { Variables: { A: 1, B: !Ref AWS::Region } }
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties: { Handler: H, Timeout: 9, Environment: { Variables: { B: own, C: true } } }
            """);
        var function = Assert.Single(template.Functions);
        Assert.Equal((TimeSpan.FromSeconds(9), 512, "usage-F"), (function.Timeout, function.MemoryMb, function.Name));
        Assert.Equal(new Dictionary<string, string> { ["A"] = "1", ["B"] = "own", ["C"] = "true" }, function.Variables);
    }

    [Theory]
    [InlineData("rate(1 minute)", 1)]
    [InlineData("rate(90 minutes)", 90)]
    [InlineData("rate(1 hour)", 60)]
    [InlineData("rate(2 days)", 2880)]
    public void A_schedule_is_a_rate(string expression, int minutes)
    {
        var schedule = Assert.Single(Scheduled($"Schedule: {expression}").Schedules);
        Assert.Equal(("FDaily", "F", TimeSpan.FromMinutes(minutes)), (schedule.Id, schedule.FunctionId, schedule.Rate));
    }

    [Theory]
    [InlineData("rate(1 days)")]
    [InlineData("rate(2 day)")]
    [InlineData("rate(0 days)")]
    [InlineData("rate(1 week)")]
    [InlineData("cron(0 3 * * ? *)")]
    [InlineData("at(2026-11-22T09:00:00)")]
    public void An_unsupported_schedule_is_refused(string expression) => Assert.Equal(
        $"F: the schedule {expression} of the event Daily is not supported here. "
        + "Use a rate: rate(1 day), rate(6 hours), rate(5 minutes)",
        Assert.Throws<TemplateException>(() => Scheduled($"Schedule: {expression}")).Message);

    [Fact]
    public void This_repositorys_template_has_its_routes_tables_and_mappings()
    {
        var template = Read(File.ReadAllText(Path.Combine(Repository.Root, "template.yaml")));
        Assert.Equal("v1", template.Api.Stage);
        Assert.Contains("*/*", template.Api.BinaryMediaTypes);
        Assert.Contains(template.Routes, route => route is { Method: "POST", Path: "/session" });
        Assert.Equal(
            ["usage-activations", "usage-anonymous", "usage-calls", "usage-counters", "usage-sessions"],
            template.Tables.Select(table => table.Name).Order());
        Assert.All((string[])["usage-calls", "usage-anonymous"], table => Assert.True(
            Assert.Single(template.Mappings, mapping => mapping.TableName == table)
                is { Bisect: true, ReportsItemFailures: true, HasFailureDestination: true }));
        Assert.Equal(
            [("EraserFunction", TimeSpan.FromMinutes(1)), ("RollupFunction", TimeSpan.FromDays(1))],
            template.Schedules.Select(schedule => (schedule.FunctionId, schedule.Rate)).Order());
    }

    private static SamTemplate Scheduled(string properties) => Read(
        "Resources:\n  F: { Type: AWS::Serverless::Function, Properties: { Handler: H, Events: { Daily: { Type: Schedule, Properties: { "
            + properties + " } } } } }");

    private static SamTemplate Read(string yaml) =>
        SamTemplate.Read(yaml, "usage", new Dictionary<string, string>(), (id, _) => "secret of " + id);

    private static JsonNode? Resolve(string yaml, params (string Name, string Value)[] parameters)
    {
        var root = TemplateYaml.Parse(Stack);
        var resources = new LocalResources(root, "usage", (id, _) => "secret of " + id);
        var values = TemplateValues.Of(root, "usage", parameters.ToDictionary(pair => pair.Name, pair => pair.Value));
        var intrinsics = new Intrinsics(root, values, resources);
        resources.Resolve = intrinsics.Resolve;
        return intrinsics.Resolve(
            TemplateYaml.Parse(yaml.StartsWith("Fn::", StringComparison.Ordinal) ? "v:\n  " + yaml : "v: " + yaml)["v"]);
    }
}
