using System.Globalization;
using System.Text.Json.Nodes;
using Collector.Metrics;

namespace Collector.Tests.Integration.Reading;

/// <summary>Twenty credentials request all data of all credentials.</summary>
[Collection(SharedDynamoDb.Name)]
public sealed class OwnershipTests(DynamoDbLocal dynamoDb)
{
    private const int Credentials = 20;
    private const int SessionsEach = 2;

    [Fact]
    public async Task No_data_of_one_credential_is_ever_shown_to_another()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        for (var owner = 0; owner < Credentials; owner++)
        {
            for (var i = 0; i < SessionsEach; i++)
            {
                await bench.StartSession(Session(owner, i), Token(owner), version: $"2026.{owner}.{i}");
                await bench.SendEvents(InsightsBench.Call(Session(owner, i), "2026-11-22 07:32:46.1", "sqs", "DeleteQueue", Status(owner)));
            }
        }

        await bench.Count();
        var cursors = new List<(int Owner, string Path)>();
        for (var owner = 0; owner < Credentials; owner++)
            cursors.Add((owner, "/stacks?limit=1&cursor=" + (string?)(await bench.Json("/stacks?limit=1", Token(owner)))["cursor"]));

        for (var asking = 0; asking < Credentials; asking++)
        {
            await Check(bench, asking, asking, "/stacks", 200);
            foreach (var (owner, path) in cursors) await Check(bench, asking, owner, path, asking == owner ? 200 : 400);
            for (var owner = 0; owner < Credentials; owner++)
            {
                for (var i = 0; i < SessionsEach; i++)
                {
                    await Check(bench, asking, owner, $"/stacks/{Session(owner, i)}", asking == owner ? 200 : 404);
                    foreach (var part in new[] { "/events", "/breakdown", "/comparison" })
                        await Check(bench, asking, owner, $"/stacks/{Session(owner, i)}{part}", asking == owner ? 200 : 404);
                }
            }
        }
    }

    [Fact]
    public async Task Another_owners_session_and_a_missing_one_get_the_same_answer()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session(0, 0), Token(0));

        var others = await bench.Get($"/stacks/{Session(0, 0)}", Token(1));
        var missing = await bench.Get($"/stacks/{Session(5, 0)}", Token(1));

        Assert.Equal((missing.StatusCode, missing.Body), (others.StatusCode, others.Body));
        Assert.Equal(missing.Headers, others.Headers);
    }

    [Fact]
    public async Task A_session_without_a_credential_is_never_shown()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session(0, 0), "");

        Assert.Equal(401, (await bench.Get("/stacks", "")).StatusCode);
        Assert.Equal(404, (await bench.Get($"/stacks/{Session(0, 0)}", Token(0))).StatusCode);
    }

    [Fact]
    public async Task A_fingerprint_a_similar_token_and_the_operator_key_give_no_access_to_sessions()
    {
        using var bench = await InsightsBench.Create(dynamoDb);
        await bench.StartSession(Session(0, 0), Token(0));

        foreach (var token in new[] { InsightsBench.Fingerprint(Token(0)), Token(0)[..^1], Token(0) + "0", Token(0).ToUpperInvariant(),
            "operator" })
        {
            Assert.Empty((await bench.Json("/stacks", token))["rows"]!.AsArray());
            Assert.Equal(404, (await bench.Get($"/stacks/{Session(0, 0)}", token)).StatusCode);
        }

        foreach (var usage in new[] { "requests", "cli", "features", "sessions" })
        {
            Assert.Equal(401, (await bench.Get("/usage/" + usage, Token(0))).StatusCode);
            Assert.Equal(401, (await bench.Get("/usage/" + usage, null)).StatusCode);
        }
    }

    private static async Task Check(InsightsBench bench, int asking, int owner, string path, int status)
    {
        var answer = await bench.Get(path, Token(asking));
        Assert.True(answer.StatusCode == status, $"{path} of {owner}, asked for by {asking}: {answer.StatusCode} {answer.Body}");
        for (var other = 0; other < Credentials; other++)
        {
            if (other == asking) continue;
            Assert.DoesNotContain(Mark(other), answer.Body!, StringComparison.Ordinal);
            Assert.DoesNotContain($"{other:x8}-", answer.Body!, StringComparison.Ordinal);
            Assert.DoesNotContain($"2026.{other}.", answer.Body!, StringComparison.Ordinal);
        }

        if (status != 200) return;
        var json = JsonNode.Parse(answer.Body!)!.AsObject();
        if (path.EndsWith("/comparison", StringComparison.Ordinal))
        {
            // The earlier of the two sessions has no predecessor for a comparison, so there are no rows.
            Assert.Equal(path.Split('/')[2], (string)json["session"]!["session"]!);
            return;
        }

        Assert.NotEmpty(json["rows"]?.AsArray() ?? json["operations"]?.AsArray() ?? json["errors"]!.AsArray());
        if (path.Count(c => c == '/') > 1) Assert.Contains(Mark(asking), answer.Body!, StringComparison.Ordinal);
    }

    private static string Token(int owner) => string.Create(CultureInfo.InvariantCulture, $"ls-Owner-{owner:00}-secret");

    private static string Session(int owner, int number) => $"{owner:x8}-0000-4000-8000-{number:x12}";

    // Each owner has a status code of its own, which the policy keeps unchanged.
    private static string Mark(int owner) => $"\"status_code\":{Status(owner)},";

    // Uses registered codes: other codes are shown only by their class.
    private static int Status(int owner) => StatusCodes.Registered.Where(code => code >= 400).Order().ElementAt(owner);
}
