using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Collector.Local.Hosting;

namespace Collector.Local.Demo;

/// <summary>
/// A few hundred plausible sessions with their calls, commands and init scripts, sent to the collector as clients send them. The page shows
/// those of <see cref="Token"/> under "My stacks".
/// </summary>
internal sealed class DemoTraffic(Uri api, HostLog log, TimeProvider time)
{
    public const string Token = "ls-demo-0001";

    private const int Sessions = 300;
    private const int BatchesOfASession = 4;
    private const int EventsOfABatch = 20;
    private const int AtATime = 4;

    // Services and operations, how often they are called, and the error that they sometimes return.
    internal static readonly (string Service, string Operation, int Weight, string? Error, string? Message)[] Calls =
    [
        ("s3", "PutObject", 30, null, null),
        ("s3", "GetObject", 25, "NoSuchKey", "The specified key does not exist."),
        ("s3", "ListObjectsV2", 10, null, null),
        ("s3", "CreateBucket", 4, "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it."),
        ("sqs", "SendMessage", 22, null, null),
        ("sqs", "ReceiveMessage", 26, null, null),
        ("sqs", "DeleteQueue", 2, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist for this wsdl version."),
        ("dynamodb", "PutItem", 18, "ConditionalCheckFailedException", "The conditional request failed"),
        ("dynamodb", "Query", 14, null, null),
        ("dynamodb", "DescribeTable", 5, "ResourceNotFoundException", "Requested resource not found"),
        ("lambda", "Invoke", 16, null, null),
        ("lambda", "CreateFunction", 4, "InvalidParameterValueException", "The runtime parameter is not supported."),
        ("sts", "GetCallerIdentity", 12, null, null),
        ("iam", "CreateRole", 5, "EntityAlreadyExists", "Role with name already exists."),
        ("sns", "Publish", 8, null, null),
        ("secretsmanager", "GetSecretValue", 6, "ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
        ("cloudformation", "CreateStack", 3, "ValidationError", "Template format error"),
        ("ssm", "GetParameter", 5, "ParameterNotFound", "Parameter not found"),
        ("stepfunctions", "StartExecution", 3, null, null),
        ("kinesis", "PutRecords", 3, null, null),
        ("events", "PutEvents", 4, null, null),
        ("apigateway", "CreateRestApi", 2, "NotImplementedException", "The operation is not implemented"),
    ];

    private static readonly string[] UserAgents =
    [
        "aws-cli/2.15.30 Python/3.11.8 Linux/6.5.0 botocore/2.4.5", "Boto3/1.34.69 Python/3.12.2 Linux/6.5.0 Botocore/1.34.69",
        "aws-sdk-js/3.540.0 os/darwin#23.3.0 lang/js md/nodejs#20.11.1",
        "HashiCorp Terraform/1.7.5 terraform-provider-aws/5.42.0 aws-sdk-go-v2/1.26.0",
        "aws-sdk-java/2.25.18 Linux/6.5.0",
    ];

    private static readonly string[] Versions = ["2026.3.1", "2026.3.0", "2026.2.4", "4.9.2", "3.8.1"];
    internal static readonly string[] Systems =
        ["Linux", "Linux", "Linux", "Darwin", "Docker Desktop,5.15.90.1-microsoft-standard-WSL2,x86_64"];
    private static readonly string[] Regions = ["us-east-1", "us-east-1", "eu-central-1", "ap-southeast-2"];
    internal static readonly string[] Commands = ["localstack start", "localstack stop", "localstack status services",
    "localstack config validate", "localstack wait", "localstack logs"];
    internal static readonly string[] Stages = ["BOOT", "START", "READY", "SHUTDOWN"];

    private readonly Random random = new();
    private long events;

    /// <summary>Sends all sessions; a request that fails is not repeated, as in a client.</summary>
    public async Task Send(CancellationToken stop)
    {
        log.Line($"demo: sending {Sessions} sessions");
        using var client = new HttpClient { BaseAddress = api };
        var sessions = Enumerable.Range(0, Sessions).Select(Session).ToList();
        await Parallel.ForEachAsync(sessions, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = stop },
            async (requests, cancel) =>
        {
            foreach (var (path, body) in requests) await Post(client, path, body, cancel);
        });
        // One after the other, because the page compares each run with the previous one.
        foreach (var run in new DemoStory(Token, time).Runs())
        {
            foreach (var (path, body) in run) await Post(client, path, body, stop);
        }

        log.Line(string.Create(CultureInfo.InvariantCulture,
            $"demo: {Sessions} sessions and {events} events sent; the token of some of these sessions is {Token}"));
    }

    private async Task Post(HttpClient client, string path, JsonObject body, CancellationToken stop)
    {
        using var content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        try
        {
            using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content, stop);
            if (response.IsSuccessStatusCode) Interlocked.Add(ref events, body["events"]?.AsArray().Count ?? 0);
        }
        catch (HttpRequestException)
        {
            // The collector is being stopped.
        }
    }

    private List<(string Path, JsonObject Body)> Session(int number)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        var id = new Guid(bytes).ToString("D", CultureInfo.InvariantCulture);
        var pro = number % 3 > 0;
        var token = !pro ? "" : number % 10 == 1 ? Token : $"ls-demo-{2 + random.Next(60):0000}";
        var requests = new List<(string, JsonObject)>
        {
            ("session", new JsonObject
            {
                ["name"] = "session",
                ["metadata"] = new JsonObject { ["session_id"] = id, ["client_time"] = time.GetUtcNow().ToUnixTimeSeconds()
                    .ToString(CultureInfo.InvariantCulture) },
                ["payload"] = new JsonObject
                {
                    ["session_id"] = id, ["machine_id"] = $"gen_{random.Next(120):x12}", ["api_key"] = token, ["system"] = One(Systems),
                    ["version"] = One(Versions),
                    ["is_ci"] = number % 4 == 0, ["is_docker"] = number % 5 > 0, ["is_testing"] = false, ["product"] = "aws",
                    ["edition"] = pro ? "pro" : "community",
                },
            }),
        };
        var agents = new[] { One(UserAgents), One(UserAgents) };
        for (var batch = 0; batch < 1 + random.Next(BatchesOfASession); batch++)
            requests.Add(("events",
                Batch(Enumerable.Range(0, EventsOfABatch).Select(i => pro ? Call(id, One(agents), i) : Counts(id))
                .Take(pro ? EventsOfABatch : 1))));
        if (number % 3 == 0) requests.Add(("events", Batch([Init(id)])));
        if (number % 2 == 0) requests.Add(("events", Batch([Invocation()])));
        return requests;
    }

    private static JsonObject Batch(IEnumerable<JsonNode> batch) => new() { ["events"] = new JsonArray([.. batch]) };

    private JsonObject Call(string session, string agent, int number)
    {
        var call = Pick();
        var fails = call.Error is not null && random.Next(5) == 0;
        var payload = new JsonObject
        {
            ["service"] = call.Service, ["operation"] = call.Operation, ["status_code"] = fails ? StatusOf(call.Operation) : 200,
            ["is_internal"] = random.Next(9) == 0, ["region"] = One(Regions), ["account_id"] = "000000000000", ["user_agent"] = agent,
        };
        if (fails) (payload["err_type"], payload["err_msg"]) = (call.Error, call.Message);
        return Event("aws_request", session, payload, number);
    }

    /// <summary>The status with which an operation fails.</summary>
    internal static int StatusOf(string operation) => operation == "CreateRestApi" ? 501 : 400;

    private JsonObject Counts(string session) => Event("aws_request_agg", session, new JsonObject
    {
        ["api_calls"] = new JsonArray([.. Enumerable.Range(0, 8).Select(_ => Pick()).Select(call => new JsonObject
        {
            ["service"] = call.Service, ["operation"] = call.Operation, ["status_code"] = call.Error is not null && random.Next(5) == 0
                ? StatusOf(call.Operation) : 200,
            ["count"] = 1 + random.Next(40),
        })]),
    });

    private JsonObject Init(string session) => Event("run_init", session, new JsonObject
    {
        ["stage"] = One(Stages), ["scripts"] = 1 + random.Next(4), ["duration"] = random.NextDouble() * 4_000,
    });

    private JsonObject Invocation()
    {
        var command = One(Commands);
        var parameters = command == "localstack start" && random.Next(3) == 0 ? new JsonArray("detached") : [];
        return Event("cli_cmd", null, new JsonObject { ["cmd"] = command, ["params"] = parameters });
    }

    private JsonObject Event(string name, string? session, JsonObject payload, int number = 0) => new()
    {
        ["name"] = name,
        ["metadata"] = new JsonObject
        {
            ["session_id"] = session,
            ["client_time"] = (time.GetUtcNow() + TimeSpan.FromMilliseconds(number)).UtcDateTime.ToString(
                "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        },
        ["payload"] = payload,
    };

    private (string Service, string Operation, int Weight, string? Error, string? Message) Pick()
    {
        var at = random.Next(Calls.Sum(call => call.Weight));
        return Calls.First(call => (at -= call.Weight) < 0);
    }

    private T One<T>(T[] of) => of[random.Next(of.Length)];
}
