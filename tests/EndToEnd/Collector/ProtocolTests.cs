using System.Net;
using System.Text.Json.Nodes;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>Sends the clients' recorded requests, byte for byte, to a new collector, and checks which data it keeps.</summary>
public sealed class ProtocolTests(RunningCollector collector) : IClassFixture<RunningCollector>
{
    [SkippableFact]
    public async Task The_examples_are_accepted_and_counted_once_and_leave_no_forbidden_data()
    {
        RunningCollector.MustBeOfThisMachine();
        var session = await collector.Post("session", Client.Corpus("session.json"));
        Assert.Equal((HttpStatusCode.OK, """{"track_events":true}"""), (session.StatusCode, await session.Content.ReadAsStringAsync()));
        foreach (var file in new[] { "runtime-batch.json", "cli.json", "lstk.json" })
            Assert.Equal(HttpStatusCode.OK, (await collector.Post("events", Client.Corpus(file))).StatusCode);
        await Counts();

        var again = await (await collector.Post("events", Client.Corpus("runtime-batch.json"))).Json();
        Assert.Equal((3, 0, 3), ((int)again["received"]!, (int)again["stored"]!, (int)again["duplicates"]!));
        // The stream is in order: when a later request is counted, the repeated one has been processed.
        await collector.Post("events", """{"events":[{"name":"cli_cmd","payload":{"cmd":"localstack stop"}}]}""");
        await Eventually.Get(() => collector.Usage("cli"), usage => (int)usage["total"]!["invocations"]! == 3);
        await Counts();

        var tables = await TableText.Of(collector.DynamoDb.Endpoint);
        var output = string.Join('\n', collector.Output);
        Assert.Contains(Client.SessionId, tables, StringComparison.Ordinal);
        foreach (var secret in new[] { "ls-AbCdEfGh-0123", "dkr_0123456789ab", "0123456789ab", Client.Address, "127.0.0.1", "5.15.90.1",
            "period_start" })
        {
            Assert.DoesNotContain(secret, tables.Replace("aws_request_agg.payload.period_start_time", "", StringComparison.Ordinal),
                StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret, output, StringComparison.OrdinalIgnoreCase);
        }

        foreach (var cliSession in new[] { "4b0c6a86-0b0e-4d4e-9b7e-57a1d1f3c111", "f0f4b1de-3a52-4a0c-a1ce-2f8f0d7c9a10" })
        {
            Assert.DoesNotContain(cliSession, tables, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(cliSession, output, StringComparison.OrdinalIgnoreCase);
        }
    }

    // Each part is counted by its own delivery, so the test waits for each.
    private async Task Counts()
    {
        var requests = await Counted("requests?by=operation", usage => (int)usage["total"]!["calls"]! >= 9);
        Assert.Equal(
            [("s3", "PutObject", 5, """{"200":5}"""), ("sqs", "DeleteQueue", 4, """{"400":4}""")],
            requests["rows"]!.AsArray()
                .Select(r => ((string)r!["service"]!, (string)r["operation"]!, (int)r["calls"]!, r["statuses"]!.ToJsonString())));
        var cli = await Counted("cli", usage => (int)usage["total"]!["invocations"]! >= 2);
        var validate = cli["rows"]!.AsArray().Single(r => (string?)r!["command"] == "localstack config validate")!;
        Assert.Equal((1, "file"), ((int)validate["invocations"]!, (string)Assert.Single(validate["parameters"]!.AsArray())!));
        var features = await Counted("features", usage => (int)usage["total"]!["uses"]! >= 1);
        var feature = Assert.Single(features["rows"]!.AsArray())!;
        Assert.Equal(("run_init", "READY", 1, 2),
            ((string)feature["feature"]!, (string)feature["labels"]!["stage"]!, (int)feature["uses"]!, (int)feature["sums"]!["scripts"]!));
    }

    private Task<JsonNode> Counted(string what, Func<JsonNode, bool> wanted) => Eventually.Get(() => collector.Usage(what), wanted);
}
