using System.Collections.Concurrent;
using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.DynamoDBEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Collector.Counting;

namespace Collector.Tests;

/// <summary>
/// Functions in this process, built as in production (<see cref="App"/>) and invoked as Lambda invokes them: with the bytes of an event.
/// </summary>
/// <param name="compose">Composes the function with that name, once.</param>
internal sealed class InProcessFunctions(Func<string, App> compose)
{
    private static readonly SourceGeneratorLambdaJsonSerializer<ApiJson> ApiSerializer = new();
    private static readonly SourceGeneratorLambdaJsonSerializer<StreamJson> StreamSerializer = new();
    private readonly ConcurrentDictionary<string, Func<Stream, ILambdaContext, Task<Stream>>> handlers = new();

    /// <summary>Sends one request as API Gateway passes it on.</summary>
    public async Task<APIGatewayProxyResponse> Send(string function, APIGatewayProxyRequest request, ILambdaContext context)
    {
        using var answer = await Invoke(function, Write(request, ApiSerializer), context);
        return ApiSerializer.Deserialize<APIGatewayProxyResponse>(answer);
    }

    /// <summary>Delivers a batch to the Aggregator.</summary>
    public async Task<StreamAnswer> Aggregate(DynamoDBTimeWindowEvent batch, ILambdaContext context)
    {
        using var answer = await Invoke("Aggregator", Write(batch, StreamSerializer), context);
        return StreamSerializer.Deserialize<StreamAnswer>(answer);
    }

    /// <summary>
    /// Delivers a stream batch as JSON. Returns the sequence number from which the function asks to receive it again, or null.
    /// </summary>
    public async Task<string?> Deliver(string function, Stream batch, ILambdaContext context)
    {
        using var answer = await Invoke(function, batch, context);
        using var json = await JsonDocument.ParseAsync(answer);
        return json.RootElement.TryGetProperty("batchItemFailures", out var failures) && failures.GetArrayLength() > 0
            ? failures[0].GetProperty("itemIdentifier").GetString() : null;
    }

    /// <summary>The next event for the function gets a new instance, as after a cold start.</summary>
    public void Restart(string function) => handlers.TryRemove(function, out _);

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
