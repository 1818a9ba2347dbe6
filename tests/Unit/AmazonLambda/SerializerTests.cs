using System.Text;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.DynamoDBEvents;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace Collector.Tests.Unit.AmazonLambda;

public sealed class SerializerTests
{
    private static readonly SourceGeneratorLambdaJsonSerializer<EventsContext> Serializer = new();

    [Fact]
    public void A_proxy_request_is_read_as_API_Gateway_sends_it()
    {
        var request = Read<APIGatewayProxyRequest>("""
            {"resource": "/stacks/{session}", "path": "/stacks/a%20b", "httpMethod": "GET",
             "headers": {"Accept": "text/csv", "localstack-session-id": "b"},
             "multiValueHeaders": {"Accept": ["application/json", "text/csv"], "localstack-session-id": ["b"]},
             "queryStringParameters": {"by": "status"}, "multiValueQueryStringParameters": {"by": ["service", "status"]},
             "pathParameters": {"session": "a%20b"}, "stageVariables": null,
             "requestContext": {"resourceId": "r1", "authorizer": {"claims": {"n": 1}}, "resourcePath": "/stacks/{session}",
               "httpMethod": "GET",
               "extendedRequestId": "e1", "requestTime": "22/Nov/2026:07:32:46 +0000", "path": "/v1/stacks/a%20b",
               "accountId": "000000000000",
               "protocol": "HTTP/1.1", "stage": "v1", "domainPrefix": "x", "requestTimeEpoch": 1795332766123, "requestId": "q1",
               "identity": {"cognitoIdentityPoolId": null, "sourceIp": "192.0.2.1", "userAgent": "curl/8"},
               "domainName": "x.test", "apiId": "x"},
             "body": "aGk=", "isBase64Encoded": true}
            """);

        Assert.Equal("/stacks/{session}", request.Resource);
        Assert.Equal("/stacks/a%20b", request.Path);
        Assert.Equal("GET", request.HttpMethod);
        Assert.Equal("b", request.Headers!["localstack-session-id"]);
        Assert.Equal(["application/json", "text/csv"], request.MultiValueHeaders!["Accept"]);
        Assert.Equal("status", request.QueryStringParameters!["by"]);
        Assert.Equal(["service", "status"], request.MultiValueQueryStringParameters!["by"]);
        Assert.Equal("a%20b", request.PathParameters!["session"]);
        Assert.Null(request.StageVariables);
        Assert.Equal("v1", request.RequestContext!.Stage);
        Assert.Equal(1795332766123, request.RequestContext.RequestTimeEpoch);
        Assert.Equal("192.0.2.1", request.RequestContext.Identity!.SourceIp);
        Assert.Equal("aGk=", request.Body);
        Assert.True(request.IsBase64Encoded);
    }

    [Fact]
    public void A_proxy_request_of_the_test_tool_may_lack_the_context_and_use_another_case()
    {
        var request = Read<APIGatewayProxyRequest>(
            """
                {"Resource": "/events", "Path": "/events", "HttpMethod": "POST", "Headers": null, "RequestContext": null, "Body": null,
                "IsBase64Encoded": false}
                """);

        Assert.Equal(("/events", "POST"), (request.Path, request.HttpMethod));
        Assert.Null(request.RequestContext);
        Assert.Null(request.Headers);
        Assert.Null(request.Body);
    }

    [Fact]
    public void A_proxy_response_has_no_nulls_and_only_the_escapes_that_JSON_requires()
    {
        var response = new APIGatewayProxyResponse
        {
            StatusCode = 200,
            Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
            Body = """{"a": "é<&'+"}""",
        };
        Assert.Equal(
            """{"statusCode":200,"headers":{"Content-Type":"application/json"},"body":"{\"a\": \"é<&'+\"}","isBase64Encoded":false}""",
                Write(response));
    }

    [Fact]
    public void A_stream_event_is_read_as_Lambda_sends_it()
    {
        var streamEvent = Read<DynamoDBEvent>($$"""{"Records": [{{Record}}, {{TimeToLive}}]}""");

        Assert.Equal(2, streamEvent.Records!.Count);
        var record = streamEvent.Records[0];
        Assert.Equal("arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s", record.EventSourceArn);
        Assert.Equal(("1", "INSERT", "1.1", "aws:dynamodb", "us-east-1"),
            (record.EventID, record.EventName, record.EventVersion, record.EventSource, record.AwsRegion));
        Assert.Null(record.UserIdentity);
        var change = record.Dynamodb!;
        Assert.Equal(new DateTime(2026, 11, 22, 7, 32, 46, DateTimeKind.Utc), change.ApproximateCreationDateTime);
        Assert.Equal(DateTimeKind.Utc, change.ApproximateCreationDateTime.Kind);
        Assert.Equal(("4421584500000000017450439091", 26, "NEW_IMAGE"), (change.SequenceNumber, change.SizeBytes, change.StreamViewType));
        Assert.Null(change.OldImage);
        Assert.Equal("k", change.Keys!["pk"].S);

        var image = change.NewImage!;
        Assert.Equal("12.5", image["n"].N);
        Assert.Equal([0, 255, 10], image["b"].B!.ToArray());
        Assert.True(image["yes"].BOOL);
        Assert.Null(image["yes"].NULL);
        Assert.True(image["nil"].NULL);
        Assert.Equal(["a", "b"], image["ss"].SS);
        Assert.Equal(["1"], image["ns"].NS);
        Assert.Equal([7], Assert.Single(image["bs"].BS!).ToArray());
        Assert.Equal("x", image["m"].M!["inner"].L![0].S);

        var removed = streamEvent.Records[1];
        Assert.Equal(("Service", "dynamodb.amazonaws.com"), (removed.UserIdentity!.Type, removed.UserIdentity.PrincipalId));
        Assert.Equal(new DateTime(2026, 11, 22, 7, 32, 46, 250, DateTimeKind.Utc), removed.Dynamodb!.ApproximateCreationDateTime);
    }

    [Fact]
    public void A_time_window_event_contains_the_shard_and_the_state()
    {
        var window = Read<DynamoDBTimeWindowEvent>($$"""
            {"window": {"start": "2026-11-22T07:30:00Z", "end": "2026-11-22T07:45:00Z"}, "state": {"a": "text", "b": 7},
             "shardId": "shardId-00000001", "eventSourceARN": "arn:s", "isFinalInvokeForWindow": false, "isWindowTerminatedEarly": false,
             "Records": [{{Record}}]}
            """);

        Assert.Equal(new DateTime(2026, 11, 22, 7, 30, 0, DateTimeKind.Utc), window.Window!.Start);
        Assert.Equal(new DateTime(2026, 11, 22, 7, 45, 0, DateTimeKind.Utc), window.Window.End);
        Assert.Equal(new Dictionary<string, string> { ["a"] = "text", ["b"] = "7" }, window.State);
        Assert.Equal(("shardId-00000001", "arn:s"), (window.ShardId, window.EventSourceArn));
        Assert.False(window.IsFinalInvokeForWindow);
        Assert.False(window.IsWindowTerminatedEarly);
        Assert.Single(window.Records!);
    }

    [Fact]
    public void The_last_event_of_a_window_may_have_no_records()
    {
        var window = Read<DynamoDBTimeWindowEvent>("""{"state": {}, "shardId": "s", "isFinalInvokeForWindow": true, "Records": []}""");
        Assert.True(window.IsFinalInvokeForWindow);
        Assert.Null(window.IsWindowTerminatedEarly);
        Assert.Empty(window.State!);
        Assert.Empty(window.Records!);
    }

    [Fact]
    public void A_stream_event_without_a_window_can_be_read_as_one()
    {
        var window = Read<DynamoDBTimeWindowEvent>($$"""{"Records": [{{Record}}]}""");
        Assert.Null(window.ShardId);
        Assert.Null(window.State);
        Assert.Single(window.Records!);
    }

    [Fact]
    public void The_answer_to_a_stream_event_uses_the_names_that_Lambda_expects() => Assert.Equal(
        """{"batchItemFailures":[{"itemIdentifier":"42"}]}""",
        Write(new StreamsEventResponse { BatchItemFailures = [new() { ItemIdentifier = "42" }] }));

    [Theory]
    [InlineData("""{"Records": [{"dynamodb": {"ApproximateCreationDateTime": 1e30}}]}""")]
    [InlineData("""{"Records": [{"dynamodb": {"ApproximateCreationDateTime": 253402300800}}]}""")]
    [InlineData("""{"Records": [{"dynamodb": {"ApproximateCreationDateTime": true}}]}""")]
    [InlineData("""{"Records": [{"dynamodb": {"NewImage": {"b": {"B": "%"}}}}]}""")]
    [InlineData("""{"state": ["a"], "Records": []}""")]
    [InlineData("""{"state": {"a": null}, "Records": []}""")]
    public void Every_invalid_stream_event_throws_the_same_type_of_exception(string json) =>
        Assert.Throws<JsonSerializerException>(() => Read<DynamoDBTimeWindowEvent>(json));

    [Fact]
    public void An_error_names_the_type_that_the_context_lacks() =>
        Assert.Contains("Version", Assert.Throws<JsonSerializerException>(() => Read<Version>("{}")).Message, StringComparison.Ordinal);

    private const string Record = """
        {"eventID": "1", "eventVersion": "1.1", "awsRegion": "us-east-1", "eventName": "INSERT", "eventSource": "aws:dynamodb",
         "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s",
         "dynamodb": {"ApproximateCreationDateTime": 1795332766, "Keys": {"pk": {"S": "k"}},
           "NewImage": {"n": {"N": "12.5"}, "b": {"B": "AP8K"}, "yes": {"BOOL": true}, "nil": {"NULL": true}, "ss": {"SS": ["a", "b"]},
             "ns": {"NS": ["1"]}, "bs": {"BS": ["Bw=="]}, "m": {"M": {"inner": {"L": [{"S": "x"}]}}}},
           "SequenceNumber": "4421584500000000017450439091", "SizeBytes": 26, "StreamViewType": "NEW_IMAGE"}}
        """;

    private const string TimeToLive = """
        {"eventID": "2", "eventName": "REMOVE", "userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"},
         "dynamodb": {"ApproximateCreationDateTime": 1795332766.250, "Keys": {"pk": {"S": "k"}}, "SequenceNumber": "2", "SizeBytes": 1}}
        """;

    private static T Read<T>(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return Serializer.Deserialize<T>(stream);
    }

    private static string Write<T>(T value)
    {
        using var stream = new MemoryStream();
        Serializer.Serialize(value, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
