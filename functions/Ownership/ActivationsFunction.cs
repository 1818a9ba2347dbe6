using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Collector.Api;
using Collector.Ingest;
using Collector.Metrics;
using Collector.Policy;
using Collector.Storage;

namespace Collector.Ownership;

/// <summary>
/// Licence activations. The licensing backend reports them with the operator key (<c>POST /license/activations</c>), regardless of the
/// tracking preference. The owner of a credential, or the operator, reads the activations from which CI credits are calculated
/// (<c>GET /license/credits?month=2026-11</c>).
/// </summary>
internal sealed class ActivationsFunction(
    OperatorKey operatorKey, AuthToken token, CollectionPolicy policy, ActivationsTable activations, CountersTable counters,
    TimeProvider time)
{
    private const string MonthFormat = "yyyy-MM";

    public async Task<APIGatewayProxyResponse> Handle(APIGatewayProxyRequest request, ILambdaContext context) => request.Resource switch
    {
        "/license/activations" => await Record(request),
        "/license/credits" => await Credits(request),
        _ => throw Problem.NotFound.With("There is no such route; docs/api.yaml lists them."),
    };

    private async Task<APIGatewayProxyResponse> Record(APIGatewayProxyRequest request)
    {
        operatorKey.Require(request);
        var body = RequestBody.ReadJson(request);
        var untrusted = Envelope.ParseActivation(body, policy);
        var cleaned = policy.Clean(untrusted, Tier.Community);
        if (cleaned.Event is not CleanEvent.Activation activation)
            throw Problem.BadRequest.With(
                "The body must be a licence request whose credentials.token is 1 to 256 visible ASCII characters.");
        // An id that was stripped because of its form would make every report a separate activation.
        if (activation.Id is null && untrusted.Sends("activation"))
            throw Problem.BadRequest.With("The field activation_id must be 1 to 128 visible ASCII characters, or a number.");
        var isNew = await activations.Record(activation, time.GetUtcNow(), policy);
        var outcomes = new RequestOutcomes();
        outcomes.Add(isNew ? Outcome.Stored : Outcome.Duplicate);
        outcomes.Strip(cleaned.Stripped.Select(field => KeyValuePair.Create(field.Key, (long)field.Value)));
        outcomes.Report();
        return Response.Json(outcomes.Answer(isIdempotent: activation.Id is not null), IngestJson.Default.IngestResponse);
    }

    private async Task<APIGatewayProxyResponse> Credits(APIGatewayProxyRequest request)
    {
        var credentials = CredentialsOf(request);
        var month = Month(Parameter(request, "month"));
        var days = new SortedDictionary<string, CreditsDay>(StringComparer.Ordinal);
        foreach (var credential in credentials)
        {
            await foreach (var item in counters.Read(CreditMetric.OfMonth(credential, month)))
            {
                var before = days.GetValueOrDefault(item.Group);
                days[item.Group] = new CreditsDay(
                    item.Group,
                    (before?.Ci ?? 0) + item.Numbers.GetValueOrDefault(CreditMetric.Ci),
                    (before?.Other ?? 0) + item.Numbers.GetValueOrDefault(CreditMetric.Other));
            }
        }

        return Response.Json(CreditsResponse.Of(month, [.. days.Values]), CreditsJson.Default.CreditsResponse);
    }

    // The bearer of a token sees only that credential's activations; the operator names the credential.
    private IReadOnlyList<string> CredentialsOf(APIGatewayProxyRequest request)
    {
        var credential = Parameter(request, "credential");
        if (operatorKey.IsBorneBy(request))
        {
            return credential is { Length: 32 } && credential.All(char.IsAsciiHexDigitLower)
                ? [credential] : throw Problem.BadRequest.With(
                    "With the operator key, the parameter credential must be a fingerprint of 32 lowercase hexadecimal digits.");
        }

        if (credential is not null) operatorKey.Require(request);
        return token.Require(request);
    }

    private string Month(string? text)
    {
        if (text is null) return time.GetUtcNow().UtcDateTime.ToString(MonthFormat, CultureInfo.InvariantCulture);
        return DateOnly.TryParseExact(text, MonthFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? text : throw Problem.BadRequest.With("The parameter month must be a month such as 2026-11.");
    }

    private static string? Parameter(APIGatewayProxyRequest request, string name) =>
        request.QueryStringParameters is { } parameters && parameters.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
