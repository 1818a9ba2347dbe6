using System.Net.Sockets;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Collector.Observability;

namespace Collector.Storage;

/// <summary>Access to DynamoDB: the client and its timeouts, and which failures mean that DynamoDB is unavailable.</summary>
internal static class Store
{
    /// <summary>
    /// A client that gives up early: the CLI waits half a second for the collector (protocol.md), and a retried conditional write is
    /// harmless. The SDK reads DynamoDB's address from the environment.
    /// </summary>
    public static IAmazonDynamoDB CreateClient(TimeSpan timeout) => new StoreClient(new AmazonDynamoDBConfig
    {
        // Otherwise each signature derives it from the address.
        AuthenticationRegion = Environment.GetEnvironmentVariable("AWS_REGION"),
        Timeout = timeout,
        ConnectTimeout = TimeSpan.FromSeconds(1),
        RetryMode = RequestRetryMode.Standard,
        MaxErrorRetry = 2,
        // With one endpoint and small answers, the work that these would do for each call is not wanted at a cold start.
        DisableRequestCompression = true,
        DisableLogging = true,
        HttpClientFactory = new StoreHttp(),
    });

    /// <summary>Runs a call and turns every temporary failure into <see cref="StoreUnavailableException"/>.</summary>
    public static async Task<T> Call<T>(Func<Task<T>> call)
    {
        try
        {
            return await InvocationReport.TimeStoreCall(call);
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw new StoreUnavailableException(e);
        }
    }

    private static bool IsUnavailable(Exception e) => e switch
    {
        ProvisionedThroughputExceededException or RequestLimitExceededException or InternalServerErrorException or LimitExceededException =>
            true,
        ResourceNotFoundException or ConditionalCheckFailedException or TransactionCanceledException => false,
        AmazonDynamoDBException service =>
            (int)service.StatusCode is >= 500 or 0 || service.ErrorCode is "ThrottlingException" or "ThrottledException",
        AmazonClientException or HttpRequestException or SocketException or IOException or TimeoutException or OperationCanceledException =>
            true,
        _ => false,
    };
}
