using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Internal;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Collector.Storage;

/// <summary>
/// The SDK's client without the steps of a call that have no effect here: nothing listens to its events and metrics, requests are
/// not compressed, DynamoDB's requests have no checksum of their own, and endpoints are not discovered. Signing, retries and
/// errors are handled by the SDK.
/// </summary>
internal sealed class StoreClient(AmazonDynamoDBConfig config) : AmazonDynamoDBClient(config)
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.RemoveHandler<MetricsHandler>();
        pipeline.RemoveHandler<ErrorCallbackHandler>();
        pipeline.RemoveHandler<CompressionHandler>();
        pipeline.RemoveHandler<ChecksumHandler>();
        pipeline.RemoveHandler<EndpointDiscoveryHandler>();
        // There are several: before and after marshalling, and after the answer. Each call removes one.
        foreach (var _ in pipeline.Handlers.OfType<CallbackHandler>().ToList()) pipeline.RemoveHandler<CallbackHandler>();
        pipeline.ReplaceHandler<Marshaller>(new MarshallerAlone());
        pipeline.ReplaceHandler<AmazonDynamoDBEndpointResolver>(new OneEndpoint());
    }

    /// <summary>
    /// Makes a request's bytes as the SDK does, without three headers: <c>User-Agent</c>, whose text is slow to build at each call,
    /// <c>X-Amzn-Trace-Id</c>, and a <c>Content-Type</c> for requests that have none. The endpoint resolver sets the region for the
    /// signature.
    /// </summary>
    private sealed class MarshallerAlone : PipelineHandler
    {
        public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            var context = executionContext.RequestContext;
            try
            {
                context.Request = context.Marshaller.Marshall(context.OriginalRequest);
                return await base.InvokeAsync<T>(executionContext);
            }
            finally
            {
                // Returns its pooled buffer.
                context.Request?.Dispose();
            }
        }
    }

    /// <summary>The endpoint is the same for every call of a process, so the SDK's rules are evaluated once.</summary>
    private sealed class OneEndpoint : AmazonDynamoDBEndpointResolver
    {
        private Found? found;

        public override void ProcessRequestHandlers(IExecutionContext executionContext)
        {
            var request = executionContext.RequestContext.Request;
            if (found is { } known)
            {
                request.Endpoint = known.Endpoint;
                request.AuthenticationRegion = known.Region;
                request.OverrideSigningServiceName = known.Service;
                return;
            }

            base.ProcessRequestHandlers(executionContext);
            found = new Found(request.Endpoint, request.AuthenticationRegion, request.OverrideSigningServiceName);
        }

        private sealed record Found(Uri Endpoint, string? Region, string? Service);
    }
}
