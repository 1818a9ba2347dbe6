using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Collector.Tests.Unit.Storage;

/// <summary>
/// A model of the few calls that the ingest path and the Aggregator make, with their conditions, for tests that make hundreds of thousands of them.
/// What it models is checked against DynamoDB Local by the integration tests.
/// </summary>
internal sealed class InMemoryDynamoDb() : AmazonDynamoDBClient(new AnonymousAWSCredentials(), new AmazonDynamoDBConfig { ServiceURL = "http://127.0.0.1:1" })
{
    private readonly Dictionary<string, Dictionary<string, Dictionary<string, AttributeValue>>> tables = [];

    /// <summary>When set, called before each call with its table; it throws to make the call fail.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>What was written, in order: the tables' streams in one.</summary>
    public List<Change> Stream { get; } = [];

    /// <summary>The items of a table.</summary>
    public IReadOnlyCollection<Dictionary<string, AttributeValue>> Items(string table) => Table(table).Values;

    public override Task<PutItemResponse> PutItemAsync(PutItemRequest request, CancellationToken cancellationToken = default)
    {
        lock (tables)
        {
            Before?.Invoke(request.TableName);
            var table = Table(request.TableName);
            var key = KeyOf(request.Item);
            Check(request.ConditionExpression, table.GetValueOrDefault(key), [], []);
            table[key] = request.Item;
            Stream.Add(new Change(request.TableName, null, request.Item));
            return Task.FromResult(new PutItemResponse());
        }
    }

    public override Task<UpdateItemResponse> UpdateItemAsync(UpdateItemRequest request, CancellationToken cancellationToken = default)
    {
        lock (tables)
        {
            Before?.Invoke(request.TableName);
            var table = Table(request.TableName);
            var key = KeyOf(request.Key);
            var old = table.GetValueOrDefault(key);
            Check(request.ConditionExpression, old, request.ExpressionAttributeNames, request.ExpressionAttributeValues);
            var item = new Dictionary<string, AttributeValue>(old ?? request.Key);
            Apply(request.UpdateExpression, item, request.ExpressionAttributeNames, request.ExpressionAttributeValues);
            table[key] = item;
            Stream.Add(new Change(request.TableName, old, item));
            return Task.FromResult(new UpdateItemResponse());
        }
    }

    public override Task<GetItemResponse> GetItemAsync(GetItemRequest request, CancellationToken cancellationToken = default)
    {
        lock (tables)
        {
            Before?.Invoke(request.TableName);
            return Task.FromResult(new GetItemResponse { Item = Table(request.TableName).GetValueOrDefault(KeyOf(request.Key)) });
        }
    }

    public override Task<BatchGetItemResponse> BatchGetItemAsync(BatchGetItemRequest request, CancellationToken cancellationToken = default)
    {
        lock (tables)
        {
            var responses = new Dictionary<string, List<Dictionary<string, AttributeValue>>>();
            foreach (var (name, keys) in request.RequestItems)
            {
                Before?.Invoke(name);
                responses[name] = [.. keys.Keys.Select(key => Table(name).GetValueOrDefault(KeyOf(key))).OfType<Dictionary<string, AttributeValue>>()];
            }

            return Task.FromResult(new BatchGetItemResponse { Responses = responses, UnprocessedKeys = [] });
        }
    }

    /// <summary>Only how many items there are.</summary>
    public override Task<ScanResponse> ScanAsync(ScanRequest request, CancellationToken cancellationToken = default)
    {
        lock (tables)
        {
            Before?.Invoke(request.TableName);
            return Task.FromResult(new ScanResponse { Count = Math.Min(Table(request.TableName).Count, request.Limit ?? int.MaxValue) });
        }
    }

    /// <summary>One change of an item, before and after.</summary>
    internal sealed record Change(string Table, Dictionary<string, AttributeValue>? Old, Dictionary<string, AttributeValue> New);

    private Dictionary<string, Dictionary<string, AttributeValue>> Table(string name) =>
        tables.TryGetValue(name, out var table) ? table : tables[name] = [];

    private static string KeyOf(Dictionary<string, AttributeValue> item) => item switch
    {
        _ when item.TryGetValue("session_id", out var session) => session.S,
        _ when item.TryGetValue("source", out var source) => $"{source.S}\n{item["receipt"].S}",
        _ => $"{item["metric"].S}\n{item["group"].S}",
    };

    // attribute_not_exists(name), alone or followed by "OR #p < :p", and in brackets behind "#s = :s AND".
    private static void Check(string? condition, Dictionary<string, AttributeValue>? item, Dictionary<string, string> names, Dictionary<string, AttributeValue> values)
    {
        if (condition is null) return;
        if (condition.Split(" AND ") is [var equality, var rest])
        {
            var sides = equality.Split(" = ");
            if (item?.GetValueOrDefault(names[sides[0]])?.S != values[sides[1]].S) throw new ConditionalCheckFailedException("The conditional request failed");
            condition = rest[1..^1];
        }

        var parts = condition.Split(" OR ");
        var attribute = parts[0]["attribute_not_exists(".Length..^1];
        attribute = names.GetValueOrDefault(attribute, attribute);
        if (item is null || !item.TryGetValue(attribute, out var value)) return;
        if (parts.Length == 2 && string.CompareOrdinal(value.S, values[parts[1].Split(" < ")[1]].S) < 0) return;
        throw new ConditionalCheckFailedException("The conditional request failed") { Item = item };
    }

    private static void Apply(
        string expression, Dictionary<string, AttributeValue> item, Dictionary<string, string> names, Dictionary<string, AttributeValue> values)
    {
        var add = expression.IndexOf("ADD ", StringComparison.Ordinal);
        var set = expression.StartsWith("SET ", StringComparison.Ordinal) ? expression[4..(add < 0 ? expression.Length : add)].TrimEnd() : "";
        // The comma inside if_not_exists(#n,:n) parts no two assignments.
        foreach (var assignment in set.Replace(",:", ";:", StringComparison.Ordinal).Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var sides = assignment.Split('=', 2);
            var name = names[sides[0]];
            if (sides[1].StartsWith("if_not_exists", StringComparison.Ordinal)) item.TryAdd(name, values[sides[1].Split(';')[1].TrimEnd(')')]);
            else item[name] = values[sides[1]];
        }

        if (add < 0) return;
        foreach (var addition in expression[(add + 4)..].Split(','))
        {
            var sides = addition.Split(' ');
            var name = names[sides[0]];
            var sum = long.Parse(values[sides[1]].N, CultureInfo.InvariantCulture)
                + (item.TryGetValue(name, out var old) ? long.Parse(old.N, CultureInfo.InvariantCulture) : 0);
            item[name] = new AttributeValue { N = sum.ToString(CultureInfo.InvariantCulture) };
        }
    }
}
