using System.Text.Json.Nodes;
using Collector.Local.Hosting;
using Collector.Local.Template;

namespace Collector.Local.DynamoDb;

/// <summary>Creates the template's missing tables.</summary>
internal sealed class Tables(DynamoDbClient client)
{
    private const string Api = "DynamoDB_20120810.";

    /// <exception cref="HostException">A table with this name exists with another key, index or stream.</exception>
    public async Task Create(IEnumerable<TableDefinition> tables, CancellationToken cancellation)
    {
        foreach (var table in tables)
        {
            try
            {
                await client.Call(Api + "CreateTable", (JsonObject)table.Create.DeepClone(), cancellation);
            }
            catch (DynamoDbException e) when (e.Type == "ResourceInUseException")
            {
                await Check(table, cancellation);
            }

            if (table.TimeToLiveAttribute is { } attribute)
                await EnableTimeToLive(table.Name, attribute, cancellation);
        }
    }

    /// <summary>The ARN of the table's stream; null when it has none.</summary>
    public async Task<string?> StreamArn(string table, CancellationToken cancellation) =>
        (await Describe(table, cancellation)).Text("LatestStreamArn");

    private async Task Check(TableDefinition table, CancellationToken cancellation)
    {
        var existing = await Describe(table.Name, cancellation);
        var same = Key(existing) == Key(table.Create)
            && Indexes(existing).SequenceEqual(Indexes(table.Create))
            && existing.Object("StreamSpecification").Text("StreamViewType") == table.Create.Object("StreamSpecification")
                .Text("StreamViewType");
        if (!same)
            throw new HostException(
                $"The table {table.Name} in the data folder does not match template.yaml. "
                + "Remove the folder (its data is lost) and start again.");
    }

    private async Task EnableTimeToLive(string table, string attribute, CancellationToken cancellation)
    {
        var current = await client.Call(Api + "DescribeTimeToLive", new JsonObject { ["TableName"] = table }, cancellation);
        if (current.Object("TimeToLiveDescription").Text("TimeToLiveStatus") is "ENABLED" or "ENABLING")
            return;
        await client.Call(
            Api + "UpdateTimeToLive",
            new JsonObject
            {
                ["TableName"] = table,
                ["TimeToLiveSpecification"] = new JsonObject { ["AttributeName"] = attribute, ["Enabled"] = true },
            },
            cancellation);
    }

    private async Task<JsonObject> Describe(string table, CancellationToken cancellation) =>
        (await client.Call(Api + "DescribeTable", new JsonObject { ["TableName"] = table }, cancellation)).Object("Table") ?? [];

    private static string Key(JsonNode table) =>
        string.Join(',', table.List("KeySchema").Select(key => $"{key.Text("AttributeName")} {key.Text("KeyType")}"));

    private static IEnumerable<string> Indexes(JsonNode table) => table.List("GlobalSecondaryIndexes")
        .Select(index => $"{index.Text("IndexName")}: {Key(index)}")
        .Order(StringComparer.Ordinal);
}
