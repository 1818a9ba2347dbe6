using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Collector.Local.Demo;

/// <summary>
/// A story for the page: a CI project with four runs that pass, and a fifth that fails after LocalStack was upgraded. An operation that
/// worked before is refused, a new operation is not implemented, and the calls after them are never reached.
/// </summary>
internal sealed class DemoStory(string token, TimeProvider time)
{
    private const int PassingRuns = 4;

    private const string Agent = "HashiCorp Terraform/1.7.5 terraform-provider-aws/5.42.0 aws-sdk-go-v2/1.26.0";
    private const string TestAgent = "Boto3/1.34.69 Python/3.12.2 Linux/6.5.0 Botocore/1.34.69";

    private static readonly (string Service, string Operation, int Times, string Agent)[] Setup =
    [
        ("sts", "GetCallerIdentity", 1, Agent), ("s3", "CreateBucket", 2, Agent), ("s3", "PutBucketVersioning", 2, Agent),
        ("iam", "CreateRole", 3, Agent),
        ("iam", "AttachRolePolicy", 3, Agent), ("sqs", "CreateQueue", 2, Agent), ("dynamodb", "CreateTable", 1, Agent),
    ];

    private static readonly (string Service, string Operation, int Times, string Agent)[] Tests =
    [
        ("lambda", "Invoke", 12, TestAgent), ("sqs", "ReceiveMessage", 8, TestAgent), ("dynamodb", "GetItem", 9, TestAgent),
        ("s3", "GetObject", 6, TestAgent),
        ("sns", "Publish", 4, TestAgent),
    ];

    /// <summary>The runs in order, each as a list of requests.</summary>
    public IEnumerable<IReadOnlyList<(string Path, JsonObject Body)>> Runs()
    {
        for (var run = 1; run <= PassingRuns; run++) yield return Run("2026.3.0", [.. Passing(), .. Expected()]);
        yield return Run("2026.3.1", [.. Failing(), .. Expected()]);
    }

    private static IEnumerable<JsonObject> Passing() =>
    [
        .. Setup.SelectMany(Succeeding), .. Succeeding(("lambda", "CreateFunction", 3, Agent)),
        .. Succeeding(("sns", "CreateTopic", 1, Agent)),
        .. Tests.SelectMany(Succeeding),
    ];

    private static IEnumerable<JsonObject> Failing() =>
    [
        .. Setup.SelectMany(Succeeding),
        .. Enumerable.Range(0, 3).Select(
            _ => Call("lambda", "CreateFunction", 400, Agent, "InvalidParameterValueException", "The runtime parameter is not supported.")),
        .. Enumerable.Range(0, 2).Select(
            _ => Call("apigatewayv2", "CreateApi", 501, Agent, "NotImplementedException", "The operation is not implemented")),
        .. Enumerable.Range(0, 12).Select(
            _ => Call("lambda", "Invoke", 404, TestAgent, "ResourceNotFoundException", "Requested resource not found")),
        .. Succeeding(("dynamodb", "GetItem", 2, TestAgent)),
    ];

    // Calls that fail in every run.
    private static IEnumerable<JsonObject> Expected() =>
        Enumerable.Range(0, 2).Select(_ => Call("s3", "HeadBucket", 404, Agent, "NoSuchBucket", "The specified bucket does not exist"));

    private static IEnumerable<JsonObject> Succeeding((string Service, string Operation, int Times, string Agent) of) =>
        Enumerable.Range(0, of.Times).Select(_ => Call(of.Service, of.Operation, 200, of.Agent));

    private static JsonObject Call(string service, string operation, int status, string agent, string? type = null, string? message = null)
    {
        var payload = new JsonObject
        {
            ["service"] = service, ["operation"] = operation, ["status_code"] = status, ["is_internal"] = false,
            ["region"] = "eu-central-1",
            ["account_id"] = "000000000000", ["user_agent"] = agent,
        };
        if (type is not null) (payload["err_type"], payload["err_msg"]) = (type, message);
        return payload;
    }

    private List<(string Path, JsonObject Body)> Run(string version, IReadOnlyList<JsonObject> calls)
    {
        var session = new Guid(RandomNumberGenerator.GetBytes(16)).ToString("D", CultureInfo.InvariantCulture);
        var requests = new List<(string, JsonObject)>
        {
            ("session", new JsonObject
            {
                ["name"] = "session",
                ["payload"] = new JsonObject
                {
                    ["session_id"] = session, ["machine_id"] = "dkr_c1c1c1c1c1c1", ["api_key"] = token, ["system"] = "Linux",
                    ["version"] = version,
                    ["is_ci"] = true, ["is_docker"] = true, ["is_testing"] = false, ["product"] = "aws", ["edition"] = "pro",
                },
            }),
        };
        foreach (var batch in calls.Select((payload, i) => Event(session, payload, i)).Chunk(20))
            requests.Add(("events", new JsonObject { ["events"] = new JsonArray([.. batch]) }));
        return requests;
    }

    private JsonObject Event(string session, JsonObject payload, int number) => new()
    {
        ["name"] = "aws_request",
        ["metadata"] = new JsonObject
        {
            ["session_id"] = session,
            ["client_time"] = (time.GetUtcNow() + TimeSpan.FromMilliseconds(number)).UtcDateTime.ToString(
                "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        },
        ["payload"] = payload,
    };
}
