namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>An event could not be read, or a response could not be written. The message quotes neither.</summary>
public class JsonSerializerException(string message, Exception exception) : Exception(message, exception);
