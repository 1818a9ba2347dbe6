using System.Net;
using Amazon.Runtime;

namespace Collector.Storage;

/// <summary>
/// Connections to DynamoDB, without features that its answers never need: cookies, redirection, decompression and headers for tracing.
/// </summary>
internal sealed class StoreHttp : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new WholeAnswers(new SocketsHttpHandler
    {
        ConnectTimeout = clientConfig.ConnectTimeout ?? Timeout.InfiniteTimeSpan,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    }))
    { Timeout = clientConfig.Timeout ?? Timeout.InfiniteTimeSpan };

    /// <summary>
    /// Reads an answer to its end before the SDK sees it. The SDK's reader blocks a thread until the next part arrives, and has no timeout
    /// of its own: an answer that stopped in the middle would block the function until Lambda ends it.
    /// </summary>
    private sealed class WholeAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            try
            {
                await response.Content.LoadIntoBufferAsync(cancellationToken);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }
}
