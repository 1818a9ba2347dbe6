using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Site;
using Collector.Storage;
using Collector.Tests.Unit.Storage;

namespace Collector.Tests.Unit.Site;

public class HealthFunctionTests
{
    private readonly InMemoryDynamoDb dynamoDb = new();
    private readonly RecordingLog log = new();

    [Fact]
    public async Task A_store_that_answers_is_healthy()
    {
        var answer = await Get();
        Assert.Equal((200, """{"status":"ok"}"""), (answer.StatusCode, answer.Body));
        Assert.Equal("no-store", answer.Headers!["Cache-Control"]);
        Assert.Empty(dynamoDb.Stream);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failing_store_is_answered_with_503_without_the_reason_which_is_logged(bool isAway)
    {
        dynamoDb.Before = _ =>
            throw (isAway ? new InternalServerErrorException("secret reason") : new ResourceNotFoundException("secret reason"));
        var answer = await Get();
        Assert.Equal(503, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Headers!["Content-Type"]);
        Assert.True(answer.Headers.ContainsKey("Retry-After"));
        Assert.Equal("""{"type":"about:blank","title":"Service Unavailable","status":503}""", answer.Body);
        var line = Assert.Single(log.Lines);
        Assert.Contains(isAway ? nameof(StoreUnavailableException) : nameof(ResourceNotFoundException), line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    private Task<APIGatewayProxyResponse> Get() =>
        new HealthFunction(new SessionsTable(dynamoDb, "sessions")).Handle(new APIGatewayProxyRequest(), new TestContext(log));
}
