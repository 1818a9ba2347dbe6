namespace Collector.Storage;

/// <summary>
/// DynamoDB did not answer, did not answer in time, or refused the request for now. It is unknown whether anything was stored;
/// trying again later may help.
/// </summary>
internal sealed class StoreUnavailableException(Exception cause) : Exception("the store is unavailable: " + cause.GetType().Name, cause);
