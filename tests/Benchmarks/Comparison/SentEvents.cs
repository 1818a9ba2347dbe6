using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Collector.Redaction;

namespace Collector.Benchmarks.Comparison;

/// <summary>Clients' events as API Gateway passes them on: sessions, and batches of a Pro session's calls.</summary>
internal static class SentEvents
{
    private const int Sessions = 20;
    private const int CountsPerRequest = 20;

    private static readonly string[] Operations =
    [
        "s3 PutObject", "s3 GetObject", "s3 ListObjectsV2", "sqs SendMessage", "sqs ReceiveMessage", "dynamodb PutItem", "dynamodb GetItem",
        "dynamodb Query", "lambda Invoke", "sns Publish", "iam GetRole", "sts GetCallerIdentity", "logs PutLogEvents", "ssm GetParameter",
    ];

    private static readonly (string Type, string Message)[] Errors =
    [
        ("ResourceNotFoundException", "Requested resource not found: Table: orders not found"),
        ("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist for this wsdl version."),
        ("NoSuchBucket", "The specified bucket does not exist"),
    ];

    /// <summary><c>POST /session</c> of a Pro session.</summary>
    public static Invocation Session(TimeProvider time) => Post("/session", $$$"""
        {"name": "session", "metadata": {"session_id": "{{{Id(0)}}}", "client_time": "1795332766"},
         "payload": {"session_id": "{{{Id(0)}}}", "machine_id": "dkr_0123456789ab", "api_key": "ls-AbCdEfGh-0123", "system": "Linux",
         "version": "2026.3.1", "is_ci": false, "is_docker": true, "is_testing": false, "edition": "pro"}}
        """, "\\\"track_events\\\":true", time);

    /// <summary>
    /// <c>POST /events</c>: different batches with the given number of calls, from the given number of sessions in turn. One call
    /// in fourteen fails.
    /// </summary>
    public static Invocation[] Batches(int number, int calls, TimeProvider time, int sessions = Sessions)
    {
        var random = new Random(17);
        return [.. Enumerable.Range(0, number).Select(batch => Post(
            "/events", Body(batch % sessions, batch, calls, random),
            string.Create(CultureInfo.InvariantCulture, $"\\\"stored\\\":{calls}"), time))];
    }

    /// <summary><c>POST /requests</c>: different requests, each with 20 counts taken from the given number of AWS operations.</summary>
    public static Invocation[] Counts(int number, int operations, TimeProvider time)
    {
        var random = new Random(17);
        var all = Encoding.ASCII.GetString(EmbeddedFile.Open("aws-operations.tsv").Bytes)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var some = Enumerable.Range(0, operations).Select(i => all[i * (all.Length / operations)].Split('\t')).ToArray();
        return [.. Enumerable.Range(0, number).Select(request => Post("/requests", string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"events": [{"name": "aws_request_agg", "metadata": {"session_id": "{{{Id(request)}}}", "client_time": "2026-11-22 07:32:46.103769"}, "payload": {"api_calls": [{{{string.Join(", ", Enumerable.Range(0, CountsPerRequest).Select(_ => Count(some[random.Next(operations)], random)))}}}]}}]}"""),
            "\\\"stored\\\":1", time))];
    }

    private static string Count(string[] operation, Random random) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"service": "{{operation[0]}}", "operation": "{{operation[1]}}", "status_code": 200, "count": {{random.Next(1, 100)}}}""");

    private static string Body(int session, int batch, int calls, Random random) =>
        $$"""{"events": [{{string.Join(", ", Enumerable.Range(0, calls).Select(call => Call(session, batch, (batch * calls) + call, random)))}}]}""";

    private static string Call(int session, int batch, int number, Random random)
    {
        var operation = Operations[(batch + (int)Math.Pow(10, random.NextDouble())) % Operations.Length].Split(' ');
        var (status, error) = (200, "");
        if (random.Next(14) == 0)
        {
            var (type, message) = Errors[random.Next(Errors.Length)];
            (status, error) = (400, $", \"err_type\": \"{type}\", \"err_msg\": \"{message}\"");
        }

        return string.Create(CultureInfo.InvariantCulture, $$$"""
            {"name": "aws_request", "metadata": {"session_id": "{{{Id(session)}}}", "client_time": "2026-11-22 07:{{{number / 60_000_000 % 60:d2}}}:{{{number / 1_000 % 60:d2}}}.{{{number % 1_000:d3}}}{{{random.Next(1_000):d3}}}"}, "payload": {"service": "{{{operation[0]}}}", "operation": "{{{operation[1]}}}", "status_code": {{{status}}}{{{error}}}, "is_internal": false, "region": "us-east-1", "account_id": "000000000000", "user_agent": "Boto3/1.35.40 md/Botocore#1.35.40 ua/2.0 os/linux#6.5.0 md/arch#x86_64 lang/python#3.11.9 md/pyimpl#CPython cfg/retry-mode#legacy"}}
            """);
    }

    private static string Id(int session) => string.Create(CultureInfo.InvariantCulture, $"880c3de5-a2e9-4077-a334-{session:d12}");

    // The event of a REST API with binary bodies, with a client's headers and those that API Gateway adds.
    private static Invocation Post(string path, string body, string answer, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var headers = new Dictionary<string, string>
        {
            ["accept"] = "*/*", ["accept-encoding"] = "gzip, deflate", ["content-type"] = "application/json",
            ["Host"] = "abcdefghij.execute-api.us-east-1.amazonaws.com", ["User-Agent"] = "python-requests/2.32.3",
            ["X-Amzn-Trace-Id"] = "Root=1-67448f5e-0123456789abcdef01234567", ["X-Forwarded-For"] = "192.0.2.7",
            ["X-Forwarded-Port"] = "443", ["X-Forwarded-Proto"] = "https",
        };
        var json = new JsonObject
        {
            ["resource"] = path, ["path"] = path, ["httpMethod"] = "POST",
            ["headers"] = new JsonObject(headers.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value))),
            ["multiValueHeaders"] = new JsonObject(
                headers.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)new JsonArray(JsonValue.Create(one.Value))))),
            ["queryStringParameters"] = null, ["multiValueQueryStringParameters"] = null, ["pathParameters"] = null,
            ["stageVariables"] = null,
            ["requestContext"] = new JsonObject
            {
                ["resourceId"] = "a1b2c3", ["resourcePath"] = path, ["httpMethod"] = "POST", ["extendedRequestId"] = "CAF3KHVmoAMESgw=",
                ["requestTime"] = now.ToString("dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture), ["path"] = "/v1" + path,
                ["accountId"] = "000000000000", ["protocol"] = "HTTP/1.1", ["stage"] = "v1", ["domainPrefix"] = "abcdefghij",
                ["requestTimeEpoch"] = now.ToUnixTimeMilliseconds(), ["requestId"] = "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
                ["identity"] = new JsonObject { ["sourceIp"] = "192.0.2.7", ["userAgent"] = "python-requests/2.32.3" },
                ["domainName"] = "abcdefghij.execute-api.us-east-1.amazonaws.com", ["apiId"] = "abcdefghij",
            },
            ["body"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(body)),
            ["isBase64Encoded"] = true,
        };
        return Of(JsonSerializer.SerializeToUtf8Bytes(json, NodeJson.Default.JsonObject), answer, time);
    }

    /// <summary>An event with the headers of the Runtime API.</summary>
    public static Invocation Of(byte[] payload, string answer, TimeProvider time) => new(
        HttpStub.Message("200 OK", string.Create(CultureInfo.InvariantCulture, $"""
            Content-Type: application/json
            Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd
            Lambda-Runtime-Deadline-Ms: {(time.GetUtcNow() + TimeSpan.FromHours(1)).ToUnixTimeMilliseconds()}
            Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:usage
            Lambda-Runtime-Trace-Id: Root=1-67448f5e-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0

            """).ReplaceLineEndings("\r\n"), payload),
        Encoding.UTF8.GetBytes(answer));
}
