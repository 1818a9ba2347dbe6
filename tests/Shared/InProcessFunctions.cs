using System.Collections.Concurrent;
using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Collector.Counting;

namespace Collector.Tests;

/// <summary>
/// Functions in this process, built as production builds them (<see cref="App"/>) and invoked as Lambda invokes them: with the bytes of an
/// event.
/// </summary>
/// <param name="compose">Composes the function of that name, once.</param>
internal sealed class InProcessFunctions(Func<string, App> compose)
{
    private static readonly SourceGeneratorLambdaJsonSerializer<ApiJson> ApiSerializer = new();
    private static readonly SourceGeneratorLambdaJsonSerializer<StreamJson> StreamSerializer = new();
    private readonly ConcurrentDictionary<string, Func<Stream, ILambdaContext, Task<Stream>>> handlers = new();

    /// <summary>One request as API Gateway passes it on.</summary>
    public async Task<APIGatewayProxyResponse> Send(string function, APIGatewayProxyRequest request, ILambdaContext context)
    {
        using var answer = await Invoke(function, Write(request, ApiSerializer), context);
        return ApiSerializer.Deserialize<APIGatewayProxyResponse>(answer);
    }

    /// <summary>A batch for the Aggregator.</summary>
    public async Task<StreamAnswer> Aggregate(DynamoDBTimeWindowEvent batch, ILambdaContext context)
    {
        using var answer = await Invoke("Aggregator", Write(batch, StreamSerializer), context);
        return StreamSerializer.Deserialize<StreamAnswer>(answer);
    }

    /// <summary>A stream batch as JSON; the sequence number from which the function asks for it again, or null.</summary>
    public async Task<string?> Deliver(string function, Stream batch, ILambdaContext context)
    {
        using var answer = await Invoke(function, batch, context);
        using var json = await JsonDocument.ParseAsync(answer);
        return json.RootElement.TryGetProperty("batchItemFailures", out var failures) && failures.GetArrayLength() > 0
            ? failures[0].GetProperty("itemIdentifier").GetString() : null;
    }

    public Task<Stream> Invoke(string function, Stream input, ILambdaContext context) =>
        handlers.GetOrAdd(function, name => compose(name).Handler())(input, context);

    private static MemoryStream Write<T>(T value, ILambdaSerializer serializer)
    {
        var stream = new MemoryStream();
        serializer.Serialize(value, stream);
        stream.Position = 0;
        return stream;
    }
}
