using System.Net;
using Amazon.Runtime;

namespace Collector.Storage;

/// <summary>
/// Connections to DynamoDB, without what its answers never need: cookies, redirection, decompression and headers for tracing.
/// </summary>
internal sealed class StoreHttp : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new SocketsHttpHandler
    {
        ConnectTimeout = clientConfig.ConnectTimeout ?? Timeout.InfiniteTimeSpan,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    })
    { Timeout = clientConfig.Timeout ?? Timeout.InfiniteTimeSpan };

    // Of one client, which is there once: it keeps its own.
    public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
}
