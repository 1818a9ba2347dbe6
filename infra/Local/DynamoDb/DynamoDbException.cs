namespace Collector.Local.DynamoDb;

/// <summary>DynamoDB answered with an error.</summary>
/// <param name="type">Without its namespace (ResourceInUseException); empty if the answer was not from DynamoDB.</param>
internal sealed class DynamoDbException(string type, string message) : Exception(message)
{
    public string Type => type;
}
