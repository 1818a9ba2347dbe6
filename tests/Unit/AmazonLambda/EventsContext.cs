using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.DynamoDBEvents;

namespace Collector.Tests.Unit.AmazonLambda;

[JsonSerializable(typeof(APIGatewayProxyRequest))]
[JsonSerializable(typeof(APIGatewayProxyResponse))]
[JsonSerializable(typeof(DynamoDBEvent))]
[JsonSerializable(typeof(DynamoDBTimeWindowEvent))]
[JsonSerializable(typeof(StreamsEventResponse))]
internal sealed partial class EventsContext : JsonSerializerContext;
