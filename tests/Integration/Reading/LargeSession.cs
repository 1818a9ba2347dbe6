using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Collector.Metrics;
using Collector.Storage;

namespace Collector.Tests.Integration.Reading;

/// <summary>Writes the data of a session with many calls, without sending them all.</summary>
internal static class LargeSession
{
    public const int Operations = 200;
    public const int Hours = 24;

    /// <summary>
    /// 24 hours of counters for 200 operations with two status codes each, and the given number of log items with 60 calls each.
    /// </summary>
    public static async Task Fill(InsightsBench bench, string session, int calls, int logItems)
    {
        var operations = new List<(string Service, string Operation)>();
        foreach (var service in new[] { "s3", "sqs", "sns", "lambda", "dynamodb" })
            operations.AddRange(Enumerable.Range(0, Operations / 5).Select(i => (service, $"Operation{i}")));
        var total = new Dictionary<string, long>();
        var numbers = Enumerable.Range(0, Hours).Select(_ => new Dictionary<string, long>()).ToList();
        var share = calls / (Hours * Operations * 2);
        var rest = calls - (share * Hours * Operations * 2);
        for (var hour = 0; hour < Hours; hour++)
        {
            var place = 0;
            foreach (var (service, operation) in operations)
            {
                foreach (var status in new[] { 200, 404 })
                {
                    var amount = share + (rest > 0 ? 1 : 0);
                    rest--;
                    var minute = place++ % 60;
                    Add(numbers[hour], StackMetric.Call(service, operation, StatusCodes.Name(status)), amount);
                    Add(numbers[hour], StackMetric.MinutePrefix + Name(minute), amount);
                    if (status >= 400) Add(numbers[hour], StackMetric.FailedMinutePrefix + Name(minute), amount);
                    Add(numbers[hour], StackMetric.UserAgentPrefix + $"agent/{place % 7}", amount);
                    Add(numbers[hour], StackMetric.RegionPrefix + "us-east-1", amount);
                    Add(total, StackMetric.Calls, amount);
                    Add(total, StackMetric.ServicePrefix + service, amount);
                    if (status >= 400) Add(total, StackMetric.Failed, amount);
                }
            }
        }

        total[StackMetric.LastSeen] = bench.Clock.GetUtcNow().AddHours(Hours).ToUnixTimeMilliseconds();
        var items = numbers.Select((n, hour) => Item(
            new CounterKey(StackMetric.Of(session), string.Create(CultureInfo.InvariantCulture, $"2026-11-22T{hour:00}")), n)).ToList();
        items.Add(Item(StackMetric.TotalOf(session), total));
        await bench.Write(bench.CountersTableName, items);

        var data = Pack(new JsonObject
        {
            ["stored"] = 60,
            ["calls"] = new JsonArray([.. Enumerable.Range(0, 60).Select(i => new JsonObject
            {
                ["service"] = operations[i].Service, ["operation"] = operations[i].Operation, ["status_code"] = i % 2 == 0 ? 200 : 404,
                ["err_msg"] = "The specified queue does not exist for this wsdl version.", ["region"] = "us-east-1",
                ["user_agent"] = "agent/1",
            })]),
        });
        var second = bench.Clock.GetUtcNow();
        await bench.Write(bench.CallsTableName, Enumerable.Range(0, logItems)
            .Select(i => LogItem(session, second.AddSeconds(5 * i), second.AddSeconds((5 * i) + 2), i, data)));
    }

    /// <summary>A log item as in the Calls table.</summary>
    public static Dictionary<string, AttributeValue> LogItem(
        string session, DateTimeOffset? clientTime, DateTimeOffset at, int number, byte[] data) => new()
    {
        [LogAttributes.Source] = new() { S = CallsTable.SourceOf(session) },
        [LogAttributes.Receipt] =
            new() { S = $"{clientTime?.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) ?? "0"}#{number:x32}" },
        [LogAttributes.At] = new() { N = at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) },
        [LogAttributes.Data] = new() { B = new MemoryStream(data) },
    };

    public static Dictionary<string, AttributeValue> Item(CounterKey key, Dictionary<string, long> numbers)
    {
        var item = numbers.ToDictionary(n => n.Key, n => new AttributeValue { N = n.Value.ToString(CultureInfo.InvariantCulture) });
        item[CountersTable.Metric] = new() { S = key.Metric };
        item[CountersTable.Group] = new() { S = key.Group };
        return item;
    }

    public static byte[] Pack(JsonNode content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(content.ToJsonString()));
        return packed.ToArray();
    }

    private static string Name(int minute) => minute.ToString(CultureInfo.InvariantCulture);

    private static void Add(Dictionary<string, long> numbers, string attribute, long amount) =>
        numbers[attribute] = numbers.GetValueOrDefault(attribute) + amount;
}
