using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Collector.Storage;
using Collector.Tests.Unit.Counting;

namespace Collector.Tests.Unit.Storage;

/// <summary>
/// A model of the few calls that the ingest path and the Aggregator make, with their conditions, for tests that make hundreds of thousands
/// of calls. The integration tests check the same behaviour with DynamoDB Local.
/// </summary>
internal sealed class InMemoryDynamoDb() : AmazonDynamoDBClient(
    new AnonymousAWSCredentials(), new AmazonDynamoDBConfig { ServiceURL = "http://127.0.0.1:1" })
{
    private readonly Dictionary<string, Dictionary<string, Dictionary<string, AttributeValue>>> tables = [];

    /// <summary>Called before each call with the name of its table, if set; it throws an exception to make the call fail.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>The largest size of an item, such as DynamoDB's 400 KB; 0 means unlimited.</summary>
    public int MaxItemBytes { get; set; }

    /// <summary>Writes whose condition failed, with the existing item: they cost as much as successful writes.</summary>
    public List<(string Table, Dictionary<string, AttributeValue> Item)> Refused { get; } = [];

    /// <summary>All writes in order, like the streams of all tables in one.</summary>
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
            Check(request.TableName, request.ConditionExpression, table.GetValueOrDefault(key), [], []);
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
            Check(request.TableName, request.ConditionExpression, old, request.ExpressionAttributeNames, request.ExpressionAttributeValues);
            var item = new Dictionary<string, AttributeValue>(old ?? request.Key);
            Apply(request.UpdateExpression, item, request.ExpressionAttributeNames, request.ExpressionAttributeValues);
            if (MaxItemBytes > 0 && ItemSize.Bytes(item) > MaxItemBytes) throw TooLarge();
            table[key] = item;
            Stream.Add(new Change(request.TableName, old, item));
            return Task.FromResult(new UpdateItemResponse { Attributes = request.ReturnValues == ReturnValue.ALL_NEW ? new(item) : null });
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
                responses[name] = [.. keys.Keys.Select(key => Table(name).GetValueOrDefault(KeyOf(key)))
                    .OfType<Dictionary<string, AttributeValue>>()];
            }

            return Task.FromResult(new BatchGetItemResponse { Responses = responses, UnprocessedKeys = [] });
        }
    }

    /// <summary>Returns only the number of items.</summary>
    public override Task<ScanResponse> ScanAsync(ScanRequest request, CancellationToken cancellationToken = default)
    {
        lock (tables)
        {
            Before?.Invoke(request.TableName);
            return Task.FromResult(new ScanResponse { Count = Math.Min(Table(request.TableName).Count, request.Limit ?? int.MaxValue) });
        }
    }

    /// <summary>Updates of several items: all of them, or none.</summary>
    public override Task<TransactWriteItemsResponse> TransactWriteItemsAsync(
        TransactWriteItemsRequest request, CancellationToken cancellationToken = default)
    {
        lock (tables)
        {
            var changes = new List<(Dictionary<string, Dictionary<string, AttributeValue>> Table, Change Change)>();
            var reasons = new List<CancellationReason>();
            foreach (var update in request.TransactItems.Select(item => item.Update))
            {
                Before?.Invoke(update.TableName);
                var old = Table(update.TableName).GetValueOrDefault(KeyOf(update.Key));
                var item = new Dictionary<string, AttributeValue>(old ?? update.Key);
                Apply(update.UpdateExpression, item, update.ExpressionAttributeNames, update.ExpressionAttributeValues);
                changes.Add((Table(update.TableName), new Change(update.TableName, old, item)));
                var holds = Holds(update.ConditionExpression, old, update.ExpressionAttributeNames, update.ExpressionAttributeValues);
                var fits = MaxItemBytes == 0 || ItemSize.Bytes(item) <= MaxItemBytes;
                reasons.Add(new CancellationReason { Code = !holds ? "ConditionalCheckFailed" : fits ? "None" : "ValidationError" });
            }

            if (reasons.Any(reason => reason.Code != "None"))
                throw new TransactionCanceledException("Transaction cancelled") { CancellationReasons = reasons };
            foreach (var (table, change) in changes)
            {
                table[KeyOf(change.New)] = change.New;
                Stream.Add(change);
            }

            return Task.FromResult(new TransactWriteItemsResponse());
        }
    }

    /// <summary>The only query of a function that does not know a key: the due deletions, from their index.</summary>
    public override Task<QueryResponse> QueryAsync(QueryRequest request, CancellationToken cancellationToken = default)
    {
        if (request.IndexName != "running-deletions") throw new NotSupportedException(
            "no query supported for " + (request.IndexName ?? request.TableName));
        lock (tables)
        {
            Before?.Invoke(request.TableName);
            var by = long.Parse(request.ExpressionAttributeValues[":by"].N, CultureInfo.InvariantCulture);
            return Task.FromResult(new QueryResponse
            {
                Items = [.. Table(request.TableName).Values.Where(item =>
                    item.TryGetValue("next_at", out var next) && long.Parse(next.N, CultureInfo.InvariantCulture) <= by)],
            });
        }
    }

    /// <summary>A change of an item: before and after.</summary>
    internal sealed record Change(string Table, Dictionary<string, AttributeValue>? Old, Dictionary<string, AttributeValue> New);

    private Dictionary<string, Dictionary<string, AttributeValue>> Table(string name) =>
        tables.TryGetValue(name, out var table) ? table : tables[name] = [];

    private static string KeyOf(Dictionary<string, AttributeValue> item) => item switch
    {
        _ when item.TryGetValue("session_id", out var session) => session.S,
        _ when item.TryGetValue("source", out var source) => $"{source.S}\n{item["receipt"].S}",
        _ => $"{item["metric"].S}\n{item["group"].S}",
    };

    // Supports the conditions of the tables: attribute_not_exists(name), #name = :value, and "#s = :s AND
    // (attribute_not_exists(#a) OR #a < :a)".
    private static bool Holds(
        string? condition, Dictionary<string, AttributeValue>? item, Dictionary<string, string> names,
        Dictionary<string, AttributeValue> values) =>
        condition is null || condition.Split(" AND ").All(all => all.Split(" OR ").Any(any => HoldsTerm(any, item, names, values)));

    private static bool HoldsTerm(
        string condition, Dictionary<string, AttributeValue>? item, Dictionary<string, string> names,
        Dictionary<string, AttributeValue> values)
    {
        const string NotExists = "attribute_not_exists(";
        var term = condition.Trim(' ');
        if (term.StartsWith('(')) term = term[1..];
        if (term.StartsWith(NotExists, StringComparison.Ordinal)) return Value(
            term[NotExists.Length..term.IndexOf(')', StringComparison.Ordinal)]) is null;
        var sides = term.TrimEnd(')').Split(' ');
        return (Value(sides[0]), values[sides[2]]) switch
        {
            (null, _) => false,
            var (value, wanted) when sides[1] == "=" => Same(value, wanted),
            ({ N: not null } value, var wanted) => value.ToLong() < wanted.ToLong(),
            var (value, wanted) => string.CompareOrdinal(value.S, wanted.S) < 0,
        };

        AttributeValue? Value(string name) => item?.GetValueOrDefault(names.GetValueOrDefault(name, name));
    }

    // DynamoDB's own wording.
    private static AmazonDynamoDBException TooLarge() =>
        new("Item size to update has exceeded the maximum allowed size")
        {
            ErrorCode = "ValidationException", StatusCode = System.Net.HttpStatusCode.BadRequest,
        };

    private void Check(
        string table, string? condition, Dictionary<string, AttributeValue>? item, Dictionary<string, string> names,
        Dictionary<string, AttributeValue> values)
    {
        if (Holds(condition, item, names, values)) return;
        if (item is not null) Refused.Add((table, item));
        throw new ConditionalCheckFailedException("The conditional request failed") { Item = item };
    }

    private static bool Same(AttributeValue one, AttributeValue other) =>
        one.S == other.S && one.N == other.N && (one.B?.ToArray() ?? []).AsSpan().SequenceEqual(other.B?.ToArray() ?? []);

    private static void Apply(
        string expression, Dictionary<string, AttributeValue> item, Dictionary<string, string> names,
        Dictionary<string, AttributeValue> values)
    {
        var add = expression.IndexOf("ADD ", StringComparison.Ordinal);
        var set = expression.StartsWith("SET ", StringComparison.Ordinal)
            ? expression[4..(add < 0 ? expression.Length : add)].TrimEnd() : "";
        // The comma inside if_not_exists(#n,:n) does not separate assignments.
        foreach (var assignment in set.Replace(",:", ";:", StringComparison.Ordinal).Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var sides = assignment.Split('=', 2);
            var name = names[sides[0]];
            if (sides[1].StartsWith("if_not_exists", StringComparison.Ordinal)) item.TryAdd(
                name, values[sides[1].Split(';')[1].TrimEnd(')')]);
            else item[name] = values[sides[1]];
        }

        if (add < 0) return;
        foreach (var addition in expression[(add + 4)..].Split(','))
        {
            var sides = addition.Split(' ');
            var name = names[sides[0]];
            if (values[sides[1]].SS is { } texts)
            {
                item[name] = new AttributeValue { SS = [.. texts.Union(item.GetValueOrDefault(name)?.SS ?? [])] };
                continue;
            }

            var sum = long.Parse(values[sides[1]].N, CultureInfo.InvariantCulture)
                + (item.TryGetValue(name, out var old) ? long.Parse(old.N, CultureInfo.InvariantCulture) : 0);
            item[name] = new AttributeValue { N = sum.ToString(CultureInfo.InvariantCulture) };
        }
    }
}
