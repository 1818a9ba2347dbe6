using System.Text.Json.Serialization;
using Amazon.Lambda.DynamoDBEvents;

namespace Collector.Tests.Unit.AmazonLambda;

/// <summary>
/// A context of its own: both stream responses have a type named BatchItemFailure, and one context cannot hold two of that name.
/// </summary>
[JsonSerializable(typeof(StreamsEventResponse))]
internal sealed partial class StreamsResponseContext : JsonSerializerContext;
