using System.Text;
using Collector.Ingest;
using Collector.Policy;

namespace Collector.Tests.Unit.Policy;

/// <summary>What rules come to together, where an example of one by itself can't show it.</summary>
public class PolicyRulesTests
{
    [Theory]
    [InlineData("", "\"edition\": \"pro\"", false)]
    [InlineData("token", "\"edition\": \"pro\"", true)]
    [InlineData("token", "\"edition\": null", true)]
    [InlineData("token", "\"x\": 1", true)]
    [InlineData("token", "\"edition\": \"community\"", false)]
    [InlineData("token", "\"edition\": \"unknown\"", false)]
    [InlineData("token", "\"edition\": \"\"", false)]
    [InlineData("token", "\"edition\": \"PRO\"", false)]
    [InlineData("token", "\"edition\": \"localstack/snowflake\"", false)]
    [InlineData("token", "\"edition\": \"my_image@1\"", false)]
    [InlineData("token", "\"edition\": 5", false)]
    [InlineData("token", "\"edition\": [\"pro\"]", false)]
    [InlineData("token", "\"edition\": \"pro\", \"edition\": \"proooooooooooooooooooooooooooooooooooooooooooooooo\"", false)]
    public void A_session_is_pro_with_a_credential_and_no_other_edition(string token, string edition, bool isPro)
    {
        var verdict = Clean($$$"""
            {"name": "session", "payload": {"session_id": "880c3de5-a2e9-4077-a334-3426cdeefe24", "api_key": "{{{token}}}", {{{edition}}}}}
            """, EventTier.All);
        Assert.Equal(isPro ? EventTier.Pro : EventTier.All, Assert.IsType<CleanEvent.Session>(verdict.Event).Tier);
    }

    [Theory]
    [InlineData("{\"command\": \"a b c d e f\", \"subcommand\": \"g h\"}", "lstk a b c d")]
    [InlineData("{\"command\": \"start\", \"subcommand\": \"aws --name=jane\"}", "lstk start aws")]
    public void A_command_has_five_words_wherever_they_come_from(string parameters, string command) => Assert.Equal(
        command, Assert.IsType<CleanEvent.Cli>(Clean($$$"""{"name": "lstk_command", "payload": {"parameters": {{{parameters}}}}}""", EventTier.All).Event).Command);

    public static TheoryData<string, string?, string> Labels()
    {
        var data = new TheoryData<string, string?, string>();
        var labels = Policies.Shipped.Enforced.Events.Single(e => e.Name == "ls_metrics").Fields!.Select(f => f.As).Where(name => name?.EndsWith("_value", StringComparison.Ordinal) == true);
        foreach (var label in labels.Select(name => name!.Replace("_value", "", StringComparison.Ordinal)))
        {
            data.Add(label, "runtime", "runtime=python3.12");
            data.Add(label, "bucket", "");
            data.Add(label, null, "");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Labels))]
    public void A_labels_value_goes_with_its_label(string label, string? sent, string kept)
    {
        var named = sent is null ? "" : $"\"{label}\": \"{sent}\", ";
        var verdict = Clean($$$"""
            {"name": "ls_metrics", "payload": {"metrics": [{"namespace": "lambda", "name": "invocations", "value": 1, {{{named}}} "{{{label}}}_value": "python3.12"}]}}
            """, EventTier.All);
        var labels = Assert.Single(Assert.IsType<CleanEvent.Features>(verdict.Event).Uses).Labels.ToDictionary();
        Assert.Equal(kept, labels.TryGetValue(label, out var name) ? $"{name}={labels[label + "_value"]}" : "");
        Assert.Equal(kept.Length > 0, labels.ContainsKey(label + "_value"));
    }

    [Theory]
    [InlineData("cli_cmd", "cmd", "\"a b c d e f\"", 2, "a b")]
    [InlineData("cli_cmd", "params", "[\"a\", \"b\", \"c\"]", 2, "a,b")]
    [InlineData("aws_request", "err_msg", "\"The bucket does not exist\"", 16, "The bucket ‹…›")]
    [InlineData("aws_request", "stack_trace", "\"  File \\\"/x/site-packages/moto/a.py\\\", line 1, in f\\n  File \\\"/x/site-packages/moto/b.py\\\", line 2, in g\\nKeyError\"", 31, "‹…›\nb.py:2 in g\nKeyError")]
    [InlineData("aws_request", "user_agent", "\"aws-cli/1.25.52 Python/3.10.4\"", 20, "aws-cli/1.25.52")]
    [InlineData("deprecated_env_usage", "deprecated_env_vars", "[\"USE_SSL\", \"DATA_DIR\"]", 1, "USE_SSL")]
    public void Of_what_is_cut_as_much_is_kept_as_the_file_says(string name, string field, string value, int atMost, string kept)
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
            var fields = RawEvents.Fields(sent, EventTier.Pro, out _)!;
            var stored = document.Fields!.Single(f => f.Field == path).As!;
            return fields.Text(stored) ?? string.Join(',', fields.Texts(stored));
        }
    }

    [Fact]
    public void What_is_not_cut_has_no_limit_of_its_own()
    {
        var document = Policies.Shipped.Enforced.Events.Single(e => e.Name == "session");
        var changed = document with { Fields = [.. document.Fields!.Select(f => f with { AtMost = 5 })] };
        Assert.Throws<InvalidDataException>(() => FieldRule.Compile(changed));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(500)]
    public void A_service_that_the_catalog_lacks_is_other_however_long(int length)
    {
        var name = new string('x', length);
        var verdict = Clean($$$"""
            {"name": "aws_request_agg", "payload": {"api_calls": [{"service": "{{{name}}}", "operation": "{{{name}}}", "status_code": 200, "count": 1}]}}
            """, EventTier.All);
        var count = Assert.Single(Assert.IsType<CleanEvent.Counts>(verdict.Event).Entries);
        Assert.Equal(("other", "other"), (count.Service, count.Operation));
    }

    [Theory]
    [InlineData(399, "")]
    [InlineData(400, "err_type err_msg")]
    [InlineData(499, "err_type err_msg")]
    [InlineData(500, "err_type err_msg stack_trace")]
    public void What_says_how_a_call_failed_is_kept_of_calls_that_did(int status, string kept)
    {
        var untrusted = RawEvents.Parse(Policies.Shipped, $$$"""
            {"name": "aws_request", "payload": {"service": "sqs", "operation": "DeleteQueue", "status_code": {{{status}}}, "err_type": "KeyError",
             "err_msg": "The queue does not exist.", "stack_trace": "KeyError: 'jane'"} }
            """).Single();
        var fields = RawEvents.Fields(untrusted, EventTier.Pro, out var stripped)!;
        string[] all = ["err_type", "err_msg", "stack_trace"];
        Assert.Equal(kept, string.Join(' ', all.Where(field => fields.Text(field) is not null)));
        Assert.Equal(3, kept.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length + stripped.Count);
    }

    [Fact]
    public void Of_a_licence_activation_the_host_goes_and_the_token_is_a_fingerprint()
    {
        const string Untrusted = """{"product": {"name": "localstack-pro", "version": "2026.3.1"}, "credentials": {"token": "ls-token"}, "machine": {"hostname": "jane"}, "is_ci": true}""";
        var fields = RawEvents.Fields(Envelope.ParseActivation(Encoding.UTF8.GetBytes(Untrusted), Policies.Shipped), EventTier.All, out var stripped)!;
        Assert.Equal((32, true), (fields.Text("credential")!.Length, fields.Flag("is_ci")));
        Assert.Equal(["activation", "credential", "is_ci", "product", "version"], fields.Rules.Select(rule => rule.Document!.As).Order(StringComparer.Ordinal));
        Assert.Equal("license_activation.machine", Assert.Single(stripped).Key);
    }

    private static CleanResult Clean(string untrusted, EventTier tier) => Policies.Everything.Clean(RawEvents.Parse(Policies.Everything, untrusted).Single(), tier);
}
