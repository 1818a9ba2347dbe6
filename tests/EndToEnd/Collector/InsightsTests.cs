using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>Owners and the operator read their clients' data from a running collector.</summary>
public sealed class InsightsTests(RunningCollector collector) : IClassFixture<RunningCollector>
{
    private const int Owners = 20;

    [SkippableFact]
    public async Task Each_of_twenty_owners_sees_only_their_own_data()
    {
        RunningCollector.MustBeOfThisMachine();
        for (var owner = 0; owner < Owners; owner++)
        {
            using var session = await collector.Post("session", new JsonObject
            {
                ["name"] = "session",
                ["payload"] = new JsonObject { ["session_id"] = Session(owner), ["api_key"] = Token(owner),
                    ["version"] = $"2026.{owner}.1", ["edition"] = "pro" },
            }.ToJsonString());
            Assert.Equal(HttpStatusCode.OK, session.StatusCode);
            using var events = await collector.Post("events", new JsonObject
            {
                ["events"] = new JsonArray([.. Enumerable.Range(0, owner + 1).Select(_ => new JsonObject
                {
                    ["name"] = "aws_request",
                    ["metadata"] = new JsonObject { ["session_id"] = Session(owner), ["client_time"] = "2026-11-22 07:32:46.1" },
                    ["payload"] = new JsonObject { ["service"] = "sqs", ["operation"] = "DeleteQueue", ["status_code"] = 400,
                        ["account_id"] = Mark(owner) },
                })]),
            }.ToJsonString());
            Assert.Equal(HttpStatusCode.OK, events.StatusCode);
        }

        for (var asking = 0; asking < Owners; asking++)
        {
            // Counters are written in parallel: the counts of the day may be complete before those of the session.
            var stacks = await Eventually.Get(() => Stacks(asking), rows => rows.Count == 1 && (int)rows[0]!["calls"]! == asking + 1);
            var row = Assert.Single(stacks)!;
            Assert.Equal((Session(asking), asking + 1, asking + 1), ((string?)row["session"], (int)row["calls"]!, (int)row["failed"]!));
            for (var owner = 0; owner < Owners; owner++)
            {
                // A client may percent-encode the id; API Gateway passes it on unchanged.
                foreach (var path in new[] { "stacks/" + Session(owner),
                    $"stacks/{Session(owner).Replace("-", "%2D", StringComparison.Ordinal)}/events" })
                {
                    using var answer = await Get(path, Token(asking));
                    var body = await answer.Content.ReadAsStringAsync();
                    Assert.True(answer.StatusCode == (asking == owner ? HttpStatusCode.OK : HttpStatusCode.NotFound),
                        $"{path}: {(int)answer.StatusCode} {body}");
                    Assert.Equal(asking == owner && path.EndsWith("events", StringComparison.Ordinal),
                        body.Contains(Mark(owner), StringComparison.Ordinal));
                    Assert.Equal(asking == owner && !path.EndsWith("events", StringComparison.Ordinal),
                        body.Contains(Session(owner), StringComparison.Ordinal));
                }
            }
        }

        using var none = await Get("stacks", null);
        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        Assert.Equal(Owners * (Owners + 1) / 2, await Eventually.Get(collector.Calls, counted => counted == Owners * (Owners + 1) / 2));
        using var csv = await Get("usage/requests", RunningCollector.OperatorKey, "text/csv");
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        const int calls = Owners * (Owners + 1) / 2;
        Assert.Equal(
            $"service,operation,status_code,calls,errors,error_rate\r\nsqs,DeleteQueue,400,{calls},{calls},1\r\n",
            await csv.Content.ReadAsStringAsync());
    }

    private async Task<JsonArray> Stacks(int owner) => (await Json(await Get("stacks", Token(owner))))["rows"]!.AsArray();

    private Task<HttpResponseMessage> Get(string path, string? token, string? accept = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(collector.BaseAddress, path));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        return collector.Client.SendAsync(request);
    }

    private static async Task<JsonNode> Json(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return await response.Json();
        }
    }

    private static string Token(int owner) => $"ls-Owner-{owner:00}-secret";

    private static string Session(int owner) => $"{owner:x8}-0000-4000-8000-000000000000";

    // Looks like an error type. All markers have the same length, so that none is the beginning of another.
    private static string Mark(int owner) => $"9100000000{owner:00}";
}
