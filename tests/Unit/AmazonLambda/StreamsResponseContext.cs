using System.Text.Json.Serialization;
using Amazon.Lambda.DynamoDBEvents;

namespace Collector.Tests.Unit.AmazonLambda;

/// <summary>Apart from the others: both stream responses have a type named BatchItemFailure, which one context can't hold.</summary>
[JsonSerializable(typeof(StreamsEventResponse))]
internal sealed partial class StreamsResponseContext : JsonSerializerContext;
