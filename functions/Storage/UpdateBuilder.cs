using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Collector.Storage;

/// <summary>
/// Builds an update expression with short placeholders, because an expression may have at most 4 KB of text:
/// <c>SET #0=:0,#1=:1 ADD #2 :2</c>.
/// </summary>
internal sealed class UpdateBuilder
{
    private readonly StringBuilder set = new();
    private readonly StringBuilder add = new();
    private readonly StringBuilder remove = new();
    private readonly Dictionary<string, string> names = [];
    private readonly Dictionary<string, AttributeValue> values = [];

    public UpdateBuilder Set(string attribute, AttributeValue value)
    {
        var n = Place(attribute, value);
        (set.Length == 0 ? set : set.Append(',')).Append('#').Append(n).Append("=:").Append(n);
        return this;
    }

    /// <summary>Sets a text; null sets nothing.</summary>
    public UpdateBuilder Set(string attribute, string? text) => text is null ? this : Set(attribute, Attributes.Text(text));

    /// <summary>Sets an attribute unless the item has it already.</summary>
    public UpdateBuilder SetOnce(string attribute, AttributeValue value)
    {
        var n = Place(attribute, value);
        (set.Length == 0 ? set : set.Append(',')).Append(CultureInfo.InvariantCulture, $"#{n}=if_not_exists(#{n},:{n})");
        return this;
    }

    public UpdateBuilder Add(string attribute, long amount)
    {
        var n = Place(attribute, Attributes.Number(amount));
        (add.Length == 0 ? add : add.Append(',')).Append('#').Append(n).Append(" :").Append(n);
        return this;
    }

    /// <summary>Adds texts to a set; those that it already contains change nothing.</summary>
    public UpdateBuilder Add(string attribute, IEnumerable<string> texts)
    {
        var n = Place(attribute, new AttributeValue { SS = [.. texts] });
        (add.Length == 0 ? add : add.Append(',')).Append('#').Append(n).Append(" :").Append(n);
        return this;
    }

    /// <summary>Removes attributes from the item.</summary>
    public UpdateBuilder Remove(params ReadOnlySpan<string> attributes)
    {
        foreach (var attribute in attributes)
        {
            var n = names.Count.ToString(CultureInfo.InvariantCulture);
            names["#" + n] = attribute;
            (remove.Length == 0 ? remove : remove.Append(',')).Append('#').Append(n);
        }

        return this;
    }

    /// <summary>Adds a name, and a value if there is one, that only the condition uses.</summary>
    public UpdateBuilder With(string placeholder, string attribute, AttributeValue? value)
    {
        names["#" + placeholder] = attribute;
        if (value is not null) values[":" + placeholder] = value;
        return this;
    }

    /// <summary>
    /// The update of one item. <paramref name="expiresAt"/> is null only for counters over all users; every other item expires.
    /// </summary>
    public UpdateItemRequest Build(string table, Dictionary<string, AttributeValue> key, string? condition, DateTimeOffset? expiresAt)
    {
        if (expiresAt is { } expires) Set(Items.ExpiresAt, Attributes.ExpiresAt(expires));
        return new UpdateItemRequest
        {
            TableName = table,
            Key = key,
            UpdateExpression = string.Join(' ', Clauses()),
            ConditionExpression = condition,
            ExpressionAttributeNames = names,
            // An update that only removes attributes has no values, and DynamoDB refuses an empty map of values.
            ExpressionAttributeValues = values.Count > 0 ? values : null,
            ReturnValuesOnConditionCheckFailure = Amazon.DynamoDBv2.ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
    }

    private IEnumerable<string> Clauses()
    {
        if (set.Length > 0) yield return "SET " + set;
        if (add.Length > 0) yield return "ADD " + add;
        if (remove.Length > 0) yield return "REMOVE " + remove;
    }

    private string Place(string attribute, AttributeValue value)
    {
        var n = names.Count.ToString(CultureInfo.InvariantCulture);
        names["#" + n] = attribute;
        values[":" + n] = value;
        return n;
    }
}
