using System.Text;
using Collector.Ingest;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>The combined effect of rules, which an example of a single rule cannot show.</summary>
public class PolicyRulesTests
{
    [Theory]
    [InlineData("", "\"edition\": \"pro\"", false)]
    [InlineData("token", "\"edition\": \"pro\"", true)]
    [InlineData("token", "\"edition\": null", true)]
    [InlineData("token", "\"x\": 1", true)]
    [InlineData("token", "\"edition\": \"community\"", false)]
    [InlineData("token", "\"edition\": \"s3\"", false)]
    [InlineData("token", "\"edition\": \" community\\n\"", false)]
    [InlineData("token", "\"edition\": \"unknown\"", true)]
    [InlineData("token", "\"edition\": \"\"", true)]
    [InlineData("token", "\"edition\": \"azure-alpha\"", true)]
    [InlineData("token", "\"edition\": \"enterprise\"", true)]
    [InlineData("token", "\"edition\": \"snowflake\"", true)]
    [InlineData("token", "\"edition\": \"my_image@1\"", true)]
    [InlineData("token", "\"edition\": 5", true)]
    [InlineData("", "\"edition\": \"enterprise\"", false)]
    [InlineData("\\n", "\"edition\": \"pro\"", false)]
    [InlineData("two words", "\"edition\": \"pro\"", false)]
    public void A_session_with_a_credential_is_pro_unless_its_edition_is_a_community_edition(string token, string edition, bool isPro)
    {
        var verdict = Clean($$$"""
            {"name": "session", "payload": {"session_id": "880c3de5-a2e9-4077-a334-3426cdeefe24", "api_key": "{{{token}}}", {{{edition}}}}}
            """, Tier.Community);
        Assert.Equal(isPro ? Tier.Pro : Tier.Community, Assert.IsType<CleanEvent.Session>(verdict.Event).Tier);
    }

    [Theory]
    [InlineData("{\"command\": \"aws\", \"subcommand\": \"s3 mb acme\", \"flags\": [\"--json\", \"--bucket\"]}", "lstk aws s3 mb", "json",
        1)]
    [InlineData("{\"subcommand\": \"s3 ls\", \"command\": \"aws\"}", "lstk aws s3 ls", "", 0)]
    [InlineData("{\"command\": \"start\", \"subcommand\": \"jane\", \"flags\": null}", "lstk start", "", 1)]
    [InlineData("{\"command\": \"snapshot load\", \"flags\": [\"--merge\", \"--dry-run\", \"--merge\"]}", "lstk snapshot load",
        "dry-run,merge", 0)]
    [InlineData("{\"flags\": [\"--persist\"], \"command\": \"start\"}", "lstk start", "persist", 0)]
    [InlineData("{\"command\": \"ext:jane\", \"subcommand\": \"s3 ls\", \"flags\": [\"--jane\"]}", "lstk ext", "", 2)]
    public void A_command_its_subcommand_and_its_flags_are_looked_up_together(string parameters, string command, string names, int stripped)
    {
        var verdict = Clean($$$"""{"name": "lstk_command", "payload": {"parameters": {{{parameters}}}}}""", Tier.Community);
        var cli = Assert.IsType<CleanEvent.Cli>(verdict.Event);
        Assert.Equal((command, names), (cli.Command, string.Join(',', cli.Parameters)));
        Assert.Equal(stripped, verdict.Stripped.Sum(field => field.Value));
    }

    [Fact]
    public void All_known_parameters_of_a_command_are_kept()
    {
        var verdict = Clean("""
            {"name": "cli_cmd", "payload": {"cmd": "localstack start", "params": ["docker", "detached", "no_banner", "network", "env", "publish", "volume", "host_dns"]}}
            """, Tier.Community);
        Assert.Equal(
            ["detached", "docker", "env", "host_dns", "network", "no_banner", "publish", "volume"],
            Assert.IsType<CleanEvent.Cli>(verdict.Event).Parameters);
    }

    [Theory]
    [InlineData("-3.2")]
    [InlineData("\"long\"")]
    [InlineData("null")]
    [InlineData("1e300")]
    public void An_invalid_duration_of_init_scripts_costs_only_itself(string duration)
    {
        var verdict = Clean($$$"""{"name": "run_init", "payload": {"stage": "READY", "scripts": 2, "duration": {{{duration}}}}}""", Tier.Community);
        var use = Assert.Single(Assert.IsType<CleanEvent.Features>(verdict.Event).Uses);
        Assert.Equal(("READY", "scripts"), (use.Labels.Single().Value, Assert.Single(use.Sums).Name));
    }

    [Theory]
    [InlineData("\"label_1\": \"status\", \"label_1_value\": \"hunter\"", "status=other")]
    [InlineData("\"label_1\": \"hunter\", \"label_1_value\": \"success\"", "other=success")]
    [InlineData("\"label_1\": \"missing\", \"label_1_value\": true", "missing=true")]
    [InlineData("\"label_1\": \"missing\", \"label_1_value\": 7", "missing=other")]
    [InlineData("\"label_1\": \"resource_type\", \"label_1_value\": \"AWS::S3::Bucket\"", "resource_type=AWS::S3::Bucket")]
    [InlineData("\"label_1\": \"source\", \"label_1_value\": \"AWS:lambda\"", "source=AWS:lambda")]
    [InlineData("\"label_1\": \"query_language\", \"label_1_value\": \"JSONata\"", "query_language=JSONata")]
    public void An_unknown_value_of_a_label_becomes_other_and_is_never_missing(string members, string label)
    {
        var verdict = Clean($$$"""{"name": "ls_metrics", "payload": {"metrics": [{"namespace": "lambda", "name": "invocations", "value": 1, {{{members}}}}]}}""", Tier.Community);
        var labels = Assert.Single(Assert.IsType<CleanEvent.Features>(verdict.Event).Uses).Labels.ToDictionary();
        Assert.Equal(label, $"{labels["label_1"]}={labels["label_1_value"]}");
    }

    [Theory]
    [InlineData("{\"lambda:invokedruntime\": {\"python3.12\": 3, \"nodejs22.x\": 1}}",
        "lambda:invokedruntime python3.12 3|lambda:invokedruntime nodejs22.x 1", 0)]
    [InlineData("{\"lambda:hotreload\": {\"count\": 2, \"sum\": 5}}", "lambda:hotreload  2,5", 0)]
    [InlineData("{\"lambda:hotreload\": {\"sum\": 5}}", "lambda:hotreload  5", 0)]
    [InlineData("{\"lambda:hotreload\": {\"min\": 1, \"max\": 2, \"sum\": 3, \"mean\": 1.5, \"median\": 1, \"count\": 2}}",
        "lambda:hotreload  2,3", 0)]
    [InlineData("{\"cloudformation:resourcetype\": {\"AWS::S3::Bucket\": 1, \"Acme::My::Type\": 2}}",
        "cloudformation:resourcetype AWS::S3::Bucket 1|cloudformation:resourcetype other 2", 0)]
    [InlineData("{\"lambda:esm:invocation\": {\"aws:sqs\": 4}, \"lambda:esm:hunter\": {\"count\": 1}}",
        "lambda:esm:invocation aws:sqs 4|lambda:esm:other  1", 0)]
    [InlineData("{\"stepfunctions:jsonata:create\": {\"count\": 1}, \"acme:payroll\": {\"count\": 9}}", "stepfunctions:jsonata:create  1",
        1)]
    [InlineData("{\"sns:internalapi\": {\"PlatformMessage:get\": -1}, \"events:rule:error\": {\"sqs\": 2}, \"lambda:hotreload\": 7}",
        "events:rule:error sqs 2", 3)]
    public void The_counters_of_earlier_versions_are_kept_by_namespace_and_value(string payload, string kept, int stripped)
    {
        var verdict = Clean($$$"""{"name": "ls:usage_analytics", "payload": {{{payload}}}}""", Tier.Community);
        var uses = Assert.IsType<CleanEvent.Features>(verdict.Event).Uses;
        Assert.Equal(kept, string.Join('|', uses.Select(use =>
            $"{use.Labels.ToDictionary()["namespace"]} {use.Labels.ToDictionary().GetValueOrDefault("value")} {string.Join(',', use.Sums.Select(sum => sum.Amount))}")));
        Assert.True(verdict.Stripped.Sum(field => field.Value) >= stripped);
    }

    [Theory]
    [InlineData("{\"name\": \"ls:usage_analytics\", \"payload\": {}}")]
    [InlineData("{\"name\": \"ls:usage_analytics\", \"payload\": {\"acme:payroll\": {\"count\": 1}}}")]
    [InlineData("{\"name\": \"ls:usage_analytics\", \"payload\": {\"lambda:hotreload\": {}}}")]
    [InlineData("{\"name\": \"ls:usage_analytics\", \"payload\": {\"lambda:hotreload\": {\"count\": \"many\"}}}")]
    [InlineData("{\"name\": \"ls:usage_analytics\", \"payload\": null}")]
    [InlineData("{\"name\": \"ls_metrics\", \"payload\": {\"metrics\": []}}")]
    [InlineData("{\"name\": \"deprecated_env_usage\", \"payload\": {\"deprecated_env_vars\": [\"ACME_PAYROLL\"]}}")]
    public void An_event_with_no_remaining_content_is_invalid(string untrusted)
    {
        var verdict = Clean(untrusted, Tier.Community);
        Assert.Null(verdict.Event);
        Assert.Equal(Outcome.Invalid, verdict.Reason);
    }

    public static TheoryData<string, string?, string> Labels()
    {
        var data = new TheoryData<string, string?, string>();
        var labels = Policies.Shipped.Enforced.Events.Single(e => e.Name == "ls_metrics").Fields!.Select(f => f.As)
            .Where(name => name?.EndsWith("_value", StringComparison.Ordinal) == true);
        foreach (var label in labels.Select(name => name!.Replace("_value", "", StringComparison.Ordinal)))
        {
            data.Add(label, "runtime", "runtime=python3.12");
            data.Add(label, "bucket", "other=python3.12");
            data.Add(label, null, "");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Labels))]
    public void A_labels_value_is_kept_only_with_its_label(string label, string? sent, string kept)
    {
        var named = sent is null ? "" : $"\"{label}\": \"{sent}\", ";
        var verdict = Clean($$$"""
            {"name": "ls_metrics", "payload": {"metrics": [{"namespace": "lambda", "name": "invocations", "value": 1, {{{named}}} "{{{label}}}_value": "python3.12"}]}}
            """, Tier.Community);
        var labels = Assert.Single(Assert.IsType<CleanEvent.Features>(verdict.Event).Uses).Labels.ToDictionary();
        Assert.Equal(kept, labels.TryGetValue(label, out var name) ? $"{name}={labels[label + "_value"]}" : "");
        Assert.Equal(kept.Length > 0, labels.ContainsKey(label + "_value"));
    }

    [Theory]
    [InlineData("cli_cmd", "params", "[\"debug\", \"profile\", \"help\"]", 2, "debug,profile")]
    [InlineData("aws_request", "err_msg", "\"The bucket does not exist\"", 16, "The bucket ‹…›")]
    [InlineData("aws_request", "stack_trace",
        "\"  File \\\"/x/site-packages/moto/a.py\\\", line 1, in f\\n  File \\\"/x/site-packages/moto/b.py\\\", line 2, in g\\nKeyError\"",
        31, "‹…›\nb.py:2 in g\nKeyError")]
    [InlineData("aws_request", "user_agent", "\"aws-cli/1.25.52 Python/3.10.4\"", 20, "aws-cli/1.25.52")]
    [InlineData("deprecated_env_usage", "deprecated_env_vars", "[\"USE_SSL\", \"DATA_DIR\"]", 1, "USE_SSL")]
    public void A_field_is_cut_to_the_length_that_the_policy_sets(string name, string field, string value, int atMost, string kept)
    {
        var document = Policies.Everything.Enforced.Events.Single(e => e.Name == name);
        var path = "payload." + field;
        Assert.NotEqual(kept, Cut(document.Fields!.Single(f => f.Field == path).AtMost));
        Assert.Equal(kept, Cut(atMost));
        foreach (var none in new int?[] { null, 0, -1, 100_000 }) Assert.Throws<InvalidDataException>(() => Cut(none));

        string Cut(int? limit)
        {
            var changed = document with { Fields = [.. document.Fields!.Select(f => f.Field == path ? f with { AtMost = limit } : f)] };
            var policy = Policies.Of(Policies.Everything.Enforced with { Events = [changed] });
            var sent = RawEvents.Parse(policy, $$$"""
                {"name": "{{{name}}}", "payload": {"cmd": "localstack", "service": "s3", "operation": "PutObject", "status_code": 500, "{{{field}}}": {{{value}}}}}
                """).Single();
            var fields = RawEvents.Fields(sent, Tier.Pro, out _)!;
            var stored = document.Fields!.Single(f => f.Field == path).As!;
            return fields.Text(stored) ?? string.Join(',', fields.Texts(stored));
        }
    }

    [Fact]
    public void A_field_that_is_not_cut_may_not_have_its_own_limit()
    {
        var document = Policies.Shipped.Enforced.Events.Single(e => e.Name == "session");
        var changed = document with { Fields = [.. document.Fields!.Select(f => f with { AtMost = 5 })] };
        Assert.Throws<InvalidDataException>(() => FieldRule.Compile(changed));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(500)]
    public void An_unknown_service_becomes_other_whatever_its_length(int length)
    {
        var name = new string('x', length);
        var verdict = Clean($$$"""
            {"name": "aws_request_agg", "payload": {"api_calls": [{"service": "{{{name}}}", "operation": "{{{name}}}", "status_code": 200, "count": 1}]}}
            """, Tier.Community);
        var count = Assert.Single(Assert.IsType<CleanEvent.Counts>(verdict.Event).Entries);
        Assert.Equal(("other", "other"), (count.Service, count.Operation));
    }

    [Theory]
    [InlineData(399, "")]
    [InlineData(400, "err_type err_msg")]
    [InlineData(499, "err_type err_msg")]
    [InlineData(500, "err_type err_msg stack_trace")]
    public void Error_fields_are_kept_only_for_failed_calls(int status, string kept)
    {
        var untrusted = RawEvents.Parse(Policies.Shipped, $$$"""
            {"name": "aws_request", "payload": {"service": "sqs", "operation": "DeleteQueue", "status_code": {{{status}}}, "err_type": "KeyError",
             "err_msg": "The queue does not exist.", "stack_trace": "KeyError: 'jane'"} }
            """).Single();
        var fields = RawEvents.Fields(untrusted, Tier.Pro, out var stripped)!;
        string[] all = ["err_type", "err_msg", "stack_trace"];
        Assert.Equal(kept, string.Join(' ', all.Where(field => fields.Text(field) is not null)));
        Assert.Equal(3, kept.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length + stripped.Count);
    }

    [Fact]
    public void A_licence_activation_loses_its_host_and_its_token_becomes_a_fingerprint()
    {
        const string Untrusted = """{"product": {"name": "localstack-pro", "version": "2026.3.1"}, "credentials": {"token": "ls-token"}, "machine": {"hostname": "jane"}, "is_ci": true}""";
        var fields = RawEvents.Fields(Envelope.ParseActivation(Encoding.UTF8.GetBytes(Untrusted), Policies.Shipped), Tier.Community,
        out var stripped)!;
        Assert.Equal((32, true), (fields.Text("credential")!.Length, fields.Flag("is_ci")));
        Assert.Equal(["activation", "credential", "is_ci"], fields.Rules.Select(rule => rule.Document!.As).Order(StringComparer.Ordinal));
        Assert.Equal(["license_activation.machine", "license_activation.product"], stripped.Select(field => field.Key)
            .Order(StringComparer.Ordinal));
    }

    private static CleanResult Clean(string untrusted, Tier tier) =>
        Policies.Everything.Clean(RawEvents.Parse(Policies.Everything, untrusted).Single(), tier);
}
