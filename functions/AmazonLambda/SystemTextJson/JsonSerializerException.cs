namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>An event could not be read or a response not be written; the message holds nothing of either.</summary>
public class JsonSerializerException(string message, Exception exception) : Exception(message, exception);
