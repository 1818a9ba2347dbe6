using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Collector.Storage;

namespace Collector.Tests.Model;

/// <summary>
/// <c>UpdateItem</c> as DynamoDB does it, for the expressions that are used on counters and no other: <c>SET #a=:a,… ADD #b :b,…</c> under
/// <c>attribute_not_exists(#p) OR #p &lt; :p</c>. One update at a time, whole or not at all.
/// </summary>
internal sealed class MemoryCounters : ICounterStore
{
    private const string Condition = "attribute_not_exists(#p) OR #p < :p";
    private readonly Lock gate = new();
    private readonly Dictionary<(string Metric, string Group), Dictionary<string, AttributeValue>> items = [];

    public Task<UpdateItemResponse> Update(UpdateItemRequest request)
    {
        var key = (request.Key[CountersTable.Metric].S, request.Key[CountersTable.Group].S);
        lock (gate)
        {
            if (!items.TryGetValue(key, out var item)) items.Add(key, item = []);
            if (!Holds(request, item))
                throw new ConditionalCheckFailedException("The conditional request failed") { Item = new(item) };
            foreach (var (clause, terms) in Clauses(request.UpdateExpression))
            {
                foreach (var term in terms.Split(','))
                {
                    var parts = term.Trim().Split(clause == "SET" ? '=' : ' ');
                    var name = request.ExpressionAttributeNames[parts[0]];
                    var value = request.ExpressionAttributeValues[parts[1]];
                    item[name] = clause == "SET" ? value : Attributes.Number((item.TryGetValue(name, out var old) ? old.ToLong() : 0) + value.ToLong());
                }
            }
        }

        return Task.FromResult(new UpdateItemResponse());
    }

    public Task<Dictionary<(string Group, string Attribute), long>> Numbers(string metric)
    {
        lock (gate)
        {
            return Task.FromResult(items.Where(item => item.Key.Metric == metric)
                .SelectMany(item => item.Value.Where(a => a.Value.N is not null), (item, a) => (item.Key.Group, Attribute: a.Key, a.Value))
                .ToDictionary(n => (n.Group, n.Attribute), n => n.Value.ToLong()));
        }
    }

    private static bool Holds(UpdateItemRequest request, Dictionary<string, AttributeValue> item)
    {
        if (string.IsNullOrEmpty(request.ConditionExpression)) return true;
        if (request.ConditionExpression != Condition) throw new NotSupportedException("the model does not know the condition " + request.ConditionExpression);
        return !item.TryGetValue(request.ExpressionAttributeNames["#p"], out var position)
            || string.CompareOrdinal(position.S, request.ExpressionAttributeValues[":p"].S) < 0;
    }

    private static IEnumerable<(string Clause, string Terms)> Clauses(string expression)
    {
        var add = expression.IndexOf("ADD ", StringComparison.Ordinal);
        var set = expression.StartsWith("SET ", StringComparison.Ordinal) ? expression[4..(add < 0 ? expression.Length : add)] : "";
        if (set.Length == 0 && add != 0) throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"the model does not know {expression}"));
        if (set.Trim().Length > 0) yield return ("SET", set);
        if (add >= 0) yield return ("ADD", expression[(add + 4)..]);
    }
}
