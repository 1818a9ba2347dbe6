using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>What template.yaml promises, whatever functions and tables are added to it.</summary>
public sealed class TemplateTests
{
    // The Service Authorization Reference names no resource for either: they take "*" or nothing.
    private static readonly string[] WithoutResource = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];

    [SkippableFact]
    public async Task Cfn_lint_has_nothing_to_say()
    {
        var missing = await Tool.Missing("cfn-lint", "--version");
        Skip.If(missing is not null, missing);
        var (code, text) = await Tool.Run("cfn-lint", ["--", Template.Path]);
        Assert.Equal((0, ""), (code, text.Trim()));
    }

    [Fact]
    public void Each_function_has_a_role_of_its_own_which_allows_neither_every_action_nor_every_resource()
    {
        var roles = Template.FunctionIds.Select(Template.RoleOf).ToList();
        Assert.Equal(roles.Count, roles.Distinct().Count());
        foreach (var role in roles)
        {
            Assert.Equal("""[{"Ref":"FunctionBasics"}]""", Template.Properties(role)["ManagedPolicyArns"]?.ToJsonString());
            Assert.All(Template.Statements(role), statement => Assert.DoesNotContain('*', statement.ToJsonString()));
        }

        foreach (var statement in Template.Statements("FunctionBasics"))
        {
            Assert.All(Template.Many(statement["Action"]), action => Assert.DoesNotContain('*', (string)action!));
            if ((string?)(statement["Resource"] as JsonValue) == "*")
                Assert.Subset(WithoutResource.ToHashSet(), Template.Many(statement["Action"]).Select(action => (string)action!).ToHashSet());
        }
    }

    [Fact]
    public void A_function_that_reads_streams_may_read_those_and_write_to_its_failure_queue()
    {
        foreach (var function in Template.FunctionIds)
        {
            var statements = Template.Statements(Template.RoleOf(function)).ToList();
            var mapped = Template.Events(function, "DynamoDB").Select(mapping => mapping["Stream"]!.ToJsonString()).ToHashSet();
            var readable = statements.Where(statement => Actions(statement).Contains("dynamodb:GetRecords")).ToList();
            Assert.Equal(mapped, readable.SelectMany(statement => Resources(statement)).ToHashSet());
            Assert.All(readable, statement => Assert.Equal(
                ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"], Actions(statement).Order(StringComparer.Ordinal)));
            var queues = Template.Events(function, "DynamoDB")
                .Select(mapping => mapping["DestinationConfig"]?["OnFailure"]?["Destination"]?.ToJsonString()).OfType<string>().ToHashSet();
            Assert.Equal(queues, statements.Where(statement => Actions(statement).Contains("sqs:SendMessage")).SelectMany(Resources).ToHashSet());
        }
    }

    [Fact]
    public void Every_function_is_run_by_a_route_a_stream_or_a_schedule()
    {
        foreach (var function in Template.FunctionIds)
            Assert.True(new[] { "Api", "DynamoDB", "Schedule" }.Any(type => Template.Events(function, type).Any()), function);
        // Deletions wait for nobody; months and days are over once a day. LocalStack runs rules of this kind.
        Assert.Equal(
            ["rate(1 day)", "rate(1 minute)"],
            Template.FunctionIds.SelectMany(function => Template.Events(function, "Schedule")).Select(schedule => (string?)schedule["Schedule"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Functions_point_at_what_publish_makes_and_are_not_built_by_sam()
    {
        foreach (var (id, function) in Template.Resources("AWS::Serverless::Function"))
        {
            Assert.True((bool?)function!["Metadata"]?["SkipBuild"], id);
            // At each function: the plain AWS CLI does not look into Globals.
            Assert.Equal("artifacts/functions/", (string?)function["Properties"]!["CodeUri"]);
        }
    }

    [Fact]
    public void Every_stream_is_batched_filtered_bisected_and_has_somewhere_to_put_what_fails()
    {
        var mappings = Template.FunctionIds.SelectMany(function => Template.Events(function, "DynamoDB")).ToList();
        Assert.NotEmpty(mappings);
        foreach (var mapping in mappings)
        {
            Assert.Equal("TRIM_HORIZON", (string?)mapping["StartingPosition"]);
            Assert.True((bool?)mapping["BisectBatchOnFunctionError"]);
            Assert.Equal("""["ReportBatchItemFailures"]""", mapping["FunctionResponseTypes"]?.ToJsonString());
            Assert.NotEmpty(mapping["FilterCriteria"]!["Filters"]!.AsArray());
            Assert.NotNull(mapping["DestinationConfig"]?["OnFailure"]?["Destination"]);
            // Below the day that a record lives, so that it reaches the queue before it is gone.
            Assert.InRange((long)mapping["MaximumRecordAgeInSeconds"]!, 3600, 86_399);
        }
    }

    [Fact]
    public void Tables_are_encrypted_can_be_restored_and_are_protected_from_deletion()
    {
        Assert.NotEmpty(Template.Resources("AWS::DynamoDB::Table"));
        foreach (var (id, table) in Template.Resources("AWS::DynamoDB::Table"))
        {
            var properties = table!["Properties"]!;
            Assert.Equal("KMS", (string?)properties["SSESpecification"]?["SSEType"]);
            Assert.True((bool?)properties["SSESpecification"]!["SSEEnabled"], id);
            Assert.True((bool?)properties["PointInTimeRecoverySpecification"]?["PointInTimeRecoveryEnabled"], id);
            Assert.Equal("""{"Ref":"DeletionProtection"}""", properties["DeletionProtectionEnabled"]?.ToJsonString());
            Assert.Equal("PAY_PER_REQUEST", (string?)properties["BillingMode"]);
        }
    }

    [Fact]
    public void Access_logs_are_JSON_without_addresses_agents_paths_and_queries()
    {
        var format = (string)Template.Properties("Api")["AccessLogSetting"]!["Fn::If"]![1]!["Format"]!;
        var members = JsonNode.Parse(format)!.AsObject();
        Assert.NotEmpty(members);
        foreach (var taken in new[] { "identity", "$context.path", "authorizer", "querystring", "domainName", "extendedRequestId" })
            Assert.DoesNotContain(taken, format, StringComparison.Ordinal);
        // Nor do execution logs and API Gateway's own traces, which hold more than that.
        Assert.All(Template.Properties("Api")["MethodSettings"]!.AsArray(), settings =>
            Assert.Equal(("OFF", false), ((string?)settings!["LoggingLevel"], (bool?)settings["DataTraceEnabled"] ?? true)));
        Assert.Null(Template.Properties("Api")["TracingEnabled"]);
    }

    [Fact]
    public void A_flood_of_anonymous_events_is_throttled_by_itself_and_the_start_of_a_session_by_nothing_else()
    {
        var settings = Template.Properties("Api")["MethodSettings"]!.AsArray();
        Assert.Equal(["/*", "/cli", "/features", "/requests"], settings.Select(setting => (string?)setting!["ResourcePath"]).Order(StringComparer.Ordinal));
        Assert.All(settings, setting => Assert.Equal(
            (string?)setting!["ResourcePath"] == "/*" ? "ThrottlingRate" : "AnonymousThrottlingRate", (string?)setting["ThrottlingRateLimit"]!["Ref"]));
        // Nobody's address is kept: not even the samples that WAF shows.
        var acl = Template.Properties("RateLimit");
        Assert.All(new[] { acl }.Concat(acl["Rules"]!.AsArray().Select(rule => rule!.AsObject())), part => Assert.False((bool?)part["VisibilityConfig"]!["SampledRequestsEnabled"] ?? true));
        Assert.Empty(Template.Resources("AWS::WAFv2::LoggingConfiguration"));
        Assert.Contains("/session", acl.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_gateway_answers_by_itself_is_a_problem()
    {
        var responses = Template.Properties("Api")["GatewayResponses"]!.AsObject();
        Assert.Contains("DEFAULT_4XX", responses.Select(response => response.Key));
        Assert.Contains("DEFAULT_5XX", responses.Select(response => response.Key));
        foreach (var (type, response) in responses)
        {
            Assert.Equal("'application/problem+json'", (string?)response!["ResponseParameters"]!["Headers"]!["Content-Type"]);
            var body = (string)response["ResponseTemplates"]!["application/json"]!;
            var problem = JsonNode.Parse(body.Replace("$context.error.messageString", "\"\"", StringComparison.Ordinal))!;
            Assert.NotNull(problem["title"]);
            if (response["StatusCode"] is { } status) Assert.Equal((long)status, (long)problem["status"]!);
            Assert.Equal("about:blank", (string?)problem["type"]);
            Assert.True(response["ResponseParameters"]!["Headers"]!["Retry-After"] is not null == (type is "THROTTLED" or "INTEGRATION_TIMEOUT" or "DEFAULT_5XX"), type);
        }
    }

    [Theory]
    [InlineData("Errors", "Api", "DynamoDB", "Schedule")]
    [InlineData("Throttles", "Api", "DynamoDB", "Schedule")]
    [InlineData("Duration", "Api", "DynamoDB", "Schedule")]
    [InlineData("IteratorAge", "DynamoDB")]
    public void Every_function_stands_in_an_alarm_for(string metric, params string[] eventTypes)
    {
        var watched = Template.Resources("AWS::CloudWatch::Alarm").SelectMany(alarm => Watched(alarm.Value!["Properties"]!, metric)).ToHashSet();
        foreach (var function in Template.FunctionIds.Where(function => eventTypes.Any(type => Template.Events(function, type).Any())))
            Assert.Contains($$"""{"Ref":"{{function}}"}""", watched);
    }

    [Fact]
    public void Every_alarm_goes_to_the_topic_and_takes_no_more_metrics_than_CloudWatch_does()
    {
        foreach (var (id, alarm) in Template.Resources("AWS::CloudWatch::Alarm"))
        {
            Assert.Equal("""[{"Ref":"Alarms"}]""", alarm!["Properties"]!["AlarmActions"]?.ToJsonString());
            Assert.True((alarm["Properties"]!["Metrics"]?.AsArray().Count(metric => metric!["MetricStat"] is not null) ?? 1) <= 10, id);
        }

        Assert.Contains("5XXError", Template.Resources("AWS::CloudWatch::Alarm").Select(alarm => (string?)alarm.Value!["Properties"]!["MetricName"]));
        Assert.Contains("ApproximateNumberOfMessagesVisible", Template.Resources("AWS::CloudWatch::Alarm").Select(alarm => (string?)alarm.Value!["Properties"]!["MetricName"]));
    }

    private static IEnumerable<string> Watched(JsonNode alarm, string metric)
    {
        var dimensions = (string?)alarm["MetricName"] == metric ? [alarm["Dimensions"]!] : (alarm["Metrics"]?.AsArray() ?? [])
            .Select(query => query!["MetricStat"]?["Metric"])
            .Where(watched => (string?)watched?["MetricName"] == metric)
            .Select(watched => watched!["Dimensions"]!);
        return dimensions.SelectMany(list => list.AsArray())
            .Where(dimension => (string?)dimension!["Name"] == "FunctionName")
            .Select(dimension => dimension!["Value"]!.ToJsonString());
    }

    private static IEnumerable<string> Actions(JsonObject statement) => Template.Many(statement["Action"]).Select(action => (string)action!);

    private static IEnumerable<string> Resources(JsonObject statement) => Template.Many(statement["Resource"]).Select(resource => resource.ToJsonString());
}
