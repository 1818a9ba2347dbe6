using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Storage;

namespace Collector.Ownership;

/// <summary>
/// <c>GET</c> and <c>PUT /tracking</c>: whether the sessions of the bearer's credential are tracked. A change applies on every instance
/// that uses the credential, from its next session on.
/// </summary>
internal sealed class TrackingFunction(AuthToken token, SessionExclusions marks, TimeProvider time)
{
    private const string Shape = "The body must be {\"track_events\": true} or {\"track_events\": false}.";

    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context)
    {
        var credentials = token.Require(request);
        if (request.HttpMethod != "PUT") return Answered(await marks.Tracks(credentials));
        var wish = Parse(RequestBody.ReadJson(request)).TrackEvents ?? throw Problem.BadRequest.With(Shape);
        await marks.SetTracks(credentials, wish, time.GetUtcNow());
        return Answered(wish);
    }

    private static APIGatewayProxyResponse Answered(bool tracks) => Response.Json(new Tracking(tracks), TrackingJson.Default.Tracking);

    private static Tracking Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, TrackingJson.Default.Tracking) ?? throw Problem.BadRequest.With(Shape);
        }
        catch (JsonException)
        {
            throw Problem.BadRequest.With(Shape);
        }
    }
}

internal sealed record Tracking(bool? TrackEvents);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Tracking))]
internal sealed partial class TrackingJson : JsonSerializerContext;
