namespace Amazon.Lambda.RuntimeSupport;

/// <summary>What comes with an event. The deadline is Unix time in milliseconds.</summary>
internal readonly record struct InvocationHeaders(string RequestId, string FunctionArn, string? TraceId, long? DeadlineMs);
