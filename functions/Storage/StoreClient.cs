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
    /// Marshals requests as the SDK does, but without the description of client and settings in the header <c>User-Agent</c>, each part of
    /// which the SDK searches for characters that are not allowed.
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
                // Returns its rented buffer.
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
