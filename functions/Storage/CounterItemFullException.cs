namespace Collector.Storage;

/// <summary>A counter item has reached the 400 KB that DynamoDB gives an item. Only a session that sends ever new user agents gets there.</summary>
internal sealed class CounterItemFullException(CounterKey key, Exception cause) : Exception("a counter item is full", cause)
{
    public CounterKey Key { get; } = key;
}
