namespace Collector.Storage;

/// <summary>
/// DynamoDB did not answer, or not in time, or refused for now. Nothing is known to be stored; trying again later may help.
/// </summary>
internal sealed class StoreUnavailableException(Exception cause) : Exception("the store is not available: " + cause.GetType().Name, cause);
