namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The headers of an event. The deadline is Unix time in milliseconds.</summary>
internal readonly record struct InvocationHeaders(string RequestId, string FunctionArn, string? TraceId, long? DeadlineMs);
