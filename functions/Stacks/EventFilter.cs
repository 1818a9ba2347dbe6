using System.Globalization;
using Amazon.Lambda.APIGatewayEvents;
using Collector.Api;
using Collector.Storage;

namespace Collector.Stacks;

/// <summary>
/// Selects calls of a session by service, operation, status (<c>404</c>, <c>4xx</c>, <c>failed</c>, <c>ok</c>) and the server's time, from
/// (inclusive) to (exclusive). The newest come first unless <c>order=oldest</c>.
/// </summary>
internal sealed record EventFilter(
    string? Service, string? Operation, int MinStatus, int MaxStatus, DateTimeOffset? From, DateTimeOffset? To, bool NewestFirst, int Limit,
    string? Cursor)
{
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    /// <summary>Throws the 400 problem for a parameter that is not valid.</summary>
    public static EventFilter Parse(APIGatewayProxyRequest request)
    {
        var (min, max) = Status(request.Query("status"));
        return new EventFilter(
            request.Query("service"),
            request.Query("operation"),
            min,
            max,
            Time(request, "from"),
            Time(request, "to"),
            request.QueryOneOf("order", "newest", "oldest") == "newest",
            request.QueryNumber("limit", 100, otherwise: 100),
            request.Query("cursor"));
    }

    /// <summary>Whether the call passes, apart from its time, which belongs to the log item.</summary>
    public bool Passes(LoggedCall call) =>
        call.StatusCode >= MinStatus && call.StatusCode <= MaxStatus
        && (Service is null || Service == call.Service) && (Operation is null || Operation == call.Operation);

    private static (int Min, int Max) Status(string? text) => text switch
    {
        null => (0, int.MaxValue),
        "ok" => (0, 399),
        "failed" => (400, int.MaxValue),
        [>= '1' and <= '5' and var hundreds, 'x', 'x'] => ((hundreds - '0') * 100, ((hundreds - '0') * 100) + 99),
        [_, _, _] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) => (status, status),
        _ => throw Problem.BadRequest.With(
            "The parameter status must be a code such as 404, a class such as 4xx, failed (400 or more) or ok."),
    };

    private static DateTimeOffset? Time(APIGatewayProxyRequest request, string name)
    {
        if (request.Query(name) is not { } text) return null;
        return DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : throw Problem.BadRequest.With($"The parameter {name} must be a time such as 2026-11-22T07:32:00Z.");
    }
}
