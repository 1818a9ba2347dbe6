using System.Net.Sockets;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Collector.Observability;

namespace Collector.Storage;

/// <summary>Creates the DynamoDB client with its time-outs, and decides which failures mean that DynamoDB is unavailable.</summary>
internal static class Store
{
    /// <summary>
    /// A client that gives up early: the CLI gives the collector half a second (protocol.md), and a retried conditional write is harmless.
    /// Where DynamoDB is comes from the environment, as the SDK reads it.
    /// </summary>
    public static IAmazonDynamoDB CreateClient(TimeSpan timeout) => new StoreClient(new AmazonDynamoDBConfig
    {
        // Without it, each signature derives the region from the endpoint.
        AuthenticationRegion = Environment.GetEnvironmentVariable("AWS_REGION"),
        Timeout = timeout,
        ConnectTimeout = TimeSpan.FromSeconds(1),
        RetryMode = RequestRetryMode.Standard,
        MaxErrorRetry = 2,
        // Requests are small, and nothing reads the SDK's log.
        DisableRequestCompression = true,
        DisableLogging = true,
        HttpClientFactory = new StoreHttp(),
    });

    /// <summary>Runs a call and turns every failure that says "not now" into <see cref="StoreUnavailableException"/>.</summary>
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
