using System.Text.Json.Nodes;
using Collector.Local.Template;

namespace Collector.Tests.EndToEnd.Deployment;

/// <summary>Properties of template.yaml that must hold for every function and table, including future ones.</summary>
public sealed class TemplateTests
{
    // According to the Service Authorization Reference, both support only the resource "*".
    private static readonly string[] WithoutResource = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];

    [SkippableFact]
    public async Task Cfn_lint_reports_nothing()
    {
        var missing = await Tool.Missing("cfn-lint", "--version");
        Skip.If(missing is not null, missing);
        var (code, text) = await Tool.Run("cfn-lint", ["--", Template.Path]);
        Assert.Equal((0, ""), (code, text.Trim()));
    }

    /// <summary>CloudFormationTests checks the limit of the uploaded template, which has no comments and indentation.</summary>
    [Fact]
    public void The_template_is_short_enough_to_read()
    {
        var text = File.ReadAllText(Template.Path);
        Assert.InRange(text.Count(c => c == '\n'), 1, 750);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(text), 1, 52 * 1024);
    }

    /// <summary>
    /// RoleTests checks that a role allows no more than its functions do, so functions that share a role do the same.
    /// </summary>
    [Fact]
    public void A_role_is_only_for_functions_and_has_no_wildcards()
    {
        foreach (var role in Template.FunctionIds.Select(Template.RoleOf).Distinct())
        {
            Assert.Contains("FunctionBasics", Template.OwnPolicies(role));
            Assert.Contains("lambda.amazonaws.com", Template.Properties(role)["AssumeRolePolicyDocument"]!.ToJsonString(),
                StringComparison.Ordinal);
            Assert.All(Template.Statements(role), statement => Assert.DoesNotContain('*', statement.ToJsonString()));
        }

        foreach (var statement in Template.Statements("FunctionBasics"))
        {
            Assert.All(Template.Many(statement["Action"]), action => Assert.DoesNotContain('*', (string)action!));
            if ((string?)(statement["Resource"] as JsonValue) == "*")
                Assert.Subset(WithoutResource.ToHashSet(), Template.Many(statement["Action"]).Select(action => (string)action!)
                    .ToHashSet());
        }
    }

    [Fact]
    public void A_function_that_reads_streams_may_read_only_those_and_write_to_its_failure_queue()
    {
        foreach (var function in Template.FunctionIds)
        {
            var statements = Template.Statements(Template.RoleOf(function)).ToList();
            var mapped = Template.Events(function, "DynamoDB").Select(mapping => mapping["Stream"]!.ToJsonString()).ToHashSet();
            var readable = statements.Where(statement => Actions(statement).Contains("dynamodb:GetRecords")).ToList();
            Assert.Equal(mapped, readable.SelectMany(statement => Resources(statement)).ToHashSet());
            Assert.All(readable, statement => Assert.Equal(
                ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"], Actions(statement)
                    .Order(StringComparer.Ordinal)));
            var queues = Template.Events(function, "DynamoDB")
                .Select(mapping => mapping["DestinationConfig"]?["OnFailure"]?["Destination"]?.ToJsonString()).OfType<string>().ToHashSet();
            Assert.Equal(queues, statements.Where(statement => Actions(statement).Contains("sqs:SendMessage")).SelectMany(Resources)
                .ToHashSet());
        }
    }

    [Fact]
    public void Every_function_is_run_by_a_route_a_stream_or_a_schedule()
    {
        foreach (var function in Template.FunctionIds)
            Assert.True(new[] { "Api", "DynamoDB", "Schedule" }.Any(type => Template.Events(function, type).Any()), function);
        // Due deletions continue every minute; days and months are closed once a day. LocalStack supports rules of this kind.
        Assert.Equal(
            ["rate(1 day)", "rate(1 minute)"],
            Template.FunctionIds.SelectMany(function => Template.Events(function, "Schedule"))
                .Select(schedule => (string?)schedule["Schedule"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Functions_use_the_published_executable_and_are_not_built_by_sam()
    {
        foreach (var (id, function) in Template.Resources("AWS::Serverless::Function"))
        {
            Assert.True((bool?)function!["Metadata"]?["SkipBuild"], id);
            // Set at each function, because the AWS CLI does not read Globals.
            Assert.Equal("artifacts/functions/", (string?)function["Properties"]!["CodeUri"]);
        }
    }

    [Fact]
    public void Every_stream_is_batched_filtered_and_bisected_and_has_a_failure_destination()
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
            // Less than the 24 hours for which a stream keeps a record, so that the record reaches the queue before it expires.
            Assert.InRange((long)mapping["MaximumRecordAgeInSeconds"]!, 3600, 86_399);
        }
    }

    [Fact]
    public void Tables_are_encrypted_restorable_and_protected_from_deletion()
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
        // The same holds for execution logs and API Gateway's own traces, which would contain more.
        var settings = Template.Properties("Api")["MethodSettings"]!.AsArray();
        Assert.Contains(settings, setting => (string?)setting!["ResourcePath"] == "/*" && (string?)setting["HttpMethod"] == "*");
        Assert.All(settings, setting => Assert.Equal(
            ("OFF", false), ((string?)setting!["LoggingLevel"], (bool?)setting["DataTraceEnabled"] ?? true)));
        Assert.Null(Template.Properties("Api")["TracingEnabled"]);
    }

    [Fact]
    public void Anonymous_events_have_their_own_throttling_limit_and_do_not_affect_the_start_of_a_session()
    {
        var settings = Template.Properties("Api")["MethodSettings"]!.AsArray();
        Assert.Equal(
            [
                ("/*", "ThrottlingRate"), ("/~1cli", "AnonymousThrottlingRate"), ("/~1features", "AnonymousThrottlingRate"),
                ("/~1policy~1preview", "PreviewRate"), ("/~1requests", "AnonymousThrottlingRate"),
            ],
            settings.Select(setting => ((string?)setting!["ResourcePath"], (string?)setting["ThrottlingRateLimit"]!["Ref"]))
                .OrderBy(setting => setting.Item1, StringComparer.Ordinal));
        // No address is kept, not even in WAF's request samples.
        var acl = Template.Properties("RateLimit");
        Assert.All(
            new[] { acl }.Concat(acl["Rules"]!.AsArray().Select(rule => rule!.AsObject())),
            part => Assert.False((bool?)part["VisibilityConfig"]!["SampledRequestsEnabled"] ?? true));
        Assert.Empty(Template.Resources("AWS::WAFv2::LoggingConfiguration"));
        Assert.Contains("/session", acl.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_gateways_own_answers_are_problems()
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
            Assert.True(response["ResponseParameters"]!["Headers"]!["Retry-After"] is not null == (
                type is "THROTTLED" or "INTEGRATION_TIMEOUT" or "DEFAULT_5XX"), type);
        }
    }

    [Fact]
    public void Every_function_has_alarms_for_failures_throttling_slowness_and_backlog()
    {
        // All functions share one log group, in which Lambda reports how each invocation ended.
        Assert.Equal("""{"Ref":"FunctionLogs"}""", Template.Root["Globals"]!["Function"]!["LoggingConfig"]!["LogGroup"]!.ToJsonString());
        Assert.All(Template.Resources("AWS::Serverless::Function"), function =>
            Assert.Null(function.Value!["Properties"]!["LoggingConfig"]));
        var filter = Assert.Single(Template.Resources("AWS::Logs::MetricFilter")).Value!["Properties"]!;
        Assert.Equal("""{"Ref":"FunctionLogs"}""", filter["LogGroupName"]!.ToJsonString());
        Assert.Equal("""{ $.type = "platform.report" && $.record.status != "success" }""", (string?)filter["FilterPattern"]);
        var failures = Assert.Single(filter["MetricTransformations"]!.AsArray())!;
        Assert.True(Watches("ErrorsAlarm", (string)failures["MetricName"]!, failures["MetricNamespace"]!.ToJsonString()));
        Assert.Equal("1", (string?)failures["MetricValue"]);

        // Covers all functions, because it has no dimension.
        Assert.True(Watches("ThrottlesAlarm", "Throttles", "\"AWS/Lambda\""));
        Assert.True(Watches("TimeUsedAlarm", "time_used_percent", Own));
        // Functions that use all their time on purpose report their unfinished work.
        Assert.True(Watches("EraserUnfinishedAlarm", "unfinished", Own, "Eraser"));
        Assert.True(Watches("RollupUnfinishedAlarm", "unfinished", Own, "Rollup"));
        Assert.True(Watches("OutOfOrderAlarm", "out_of_order", Own, "Aggregator"));
        foreach (var function in Template.FunctionIds.Where(function => Template.Events(function, "DynamoDB").Any()))
            Assert.Contains(Alarms, alarm => (string?)alarm["MetricName"] == "IteratorAge"
                && Dimensions(alarm) == $$$"""[{"Name":"FunctionName","Value":{"Ref":"{{{function}}}"}}]""");
    }

    [Fact]
    public void Every_alarm_notifies_the_topic_when_it_begins_and_when_it_ends()
    {
        foreach (var alarm in Alarms)
        {
            Assert.Equal("""[{"Ref":"Alarms"}]""", alarm["AlarmActions"]?.ToJsonString());
            Assert.Equal("""[{"Ref":"Alarms"}]""", alarm["OKActions"]?.ToJsonString());
            Assert.Equal("notBreaching", (string?)alarm["TreatMissingData"]);
        }

        Assert.Contains("5XXError", Alarms.Select(alarm => (string?)alarm["MetricName"]));
        Assert.Contains("ApproximateNumberOfMessagesVisible", Alarms.Select(alarm => (string?)alarm["MetricName"]));
    }

    /// <summary>
    /// LocalStack starts the services in this list: those of the resources, those that run the functions, and those of the
    /// deployment itself.
    /// </summary>
    [Fact]
    public void LocalStack_starts_every_service_that_the_template_needs()
    {
        // WAF is created only on AWS, and only on request.
        var resources = Template.Root["Resources"]!.AsObject().Where(resource => (string?)resource.Value!["Condition"] != "HasRateLimit");
        var services = resources.Select(resource => ((string)resource.Value!["Type"]!).Split("::") switch
        {
            [_, "Serverless", "Api"] or [_, "ApiGateway", _] => "apigateway",
            [_, "Serverless", "Function"] => "lambda",
            [_, var service, _] => service.ToLowerInvariant(),
            var other => string.Join("::", other),
        }).ToHashSet();
        if (Template.FunctionIds.Any(function => Template.Events(function, "DynamoDB").Any())) services.Add("dynamodbstreams");
        if (Template.FunctionIds.Any(function => Template.Events(function, "Schedule").Any())) services.Add("events");
        if (services.Contains("secretsmanager")) services.Add("kms");
        services.UnionWith(["cloudformation", "s3", "sts"]);
        var compose = TemplateYaml.Parse(File.ReadAllText(Path.Combine(Repository.Root, "infra", "localstack", "compose.yaml")));
        var told = (string)compose["services"]!["localstack"]!["environment"]!["SERVICES"]!;
        Assert.Equal(string.Join(',', services.Order(StringComparer.Ordinal)), told);
    }

    private static string Own => """{"Fn::Sub":"usage-collector/${AWS::StackName}"}""";

    private static IEnumerable<JsonNode> Alarms =>
        Template.Resources("AWS::CloudWatch::Alarm").Select(alarm => alarm.Value!["Properties"]!);

    // The dimension of the functions' own metrics is the handler's name (InvocationLog).
    private static bool Watches(string alarm, string metric, string metricNamespace, string? handler = null)
    {
        var properties = Template.Properties(alarm);
        if (handler is not null) Assert.Contains(handler,
            Template.FunctionIds.Select(function => (string?)Template.Properties(function)["Handler"]));
        return (string?)properties["MetricName"] == metric && properties["Namespace"]!.ToJsonString() == metricNamespace
            && Dimensions(properties) == (handler is null ? null : $$"""[{"Name":"function","Value":"{{handler}}"}]""");
    }

    private static string? Dimensions(JsonNode alarm) => alarm["Dimensions"]?.ToJsonString();

    private static IEnumerable<string> Actions(JsonObject statement) =>
        Template.Many(statement["Action"]).Select(action => (string)action!);

    private static IEnumerable<string> Resources(JsonObject statement) =>
        Template.Many(statement["Resource"]).Select(resource => resource.ToJsonString());
}
