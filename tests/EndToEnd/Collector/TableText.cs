using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>The contents of all tables as text, with compressed content unpacked.</summary>
internal static class TableText
{
    public static async Task<string> Of(Uri endpoint)
    {
        using var dynamoDb = new AmazonDynamoDBClient(
            new BasicAWSCredentials("test", "test"),
                new AmazonDynamoDBConfig { ServiceURL = endpoint.ToString(), AuthenticationRegion = "us-east-1" });
        var text = new StringBuilder();
        foreach (var table in (await dynamoDb.ListTablesAsync()).TableNames)
        {
            var request = new ScanRequest { TableName = table };
            do
            {
                var page = await dynamoDb.ScanAsync(request);
                foreach (var item in page.Items ?? [])
                {
                    text.Append(table).Append(": ");
                    foreach (var (name, value) in item) Append(text.Append(name).Append('='), value);
                    text.Append('\n');
                }

                request.ExclusiveStartKey = page.LastEvaluatedKey;
            }
            while (request.ExclusiveStartKey is { Count: > 0 });
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, AttributeValue value)
    {
        text.Append(value.S ?? value.N).Append(' ');
        foreach (var (name, member) in value.M ?? []) Append(text.Append(name).Append('='), member);
        if (value.B is null) return;
        var bytes = value.B.ToArray();
        // Bytes that are not packed text should be hashes. They are written in two encodings, in case they are not.
        text.Append(PackedContent.Text(bytes) ?? Convert.ToHexString(bytes) + ' ' + Encoding.Latin1.GetString(bytes));
    }
}
