using System.Globalization;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The environment variables that Lambda sets for a function's process.</summary>
internal sealed record RuntimeEnvironment
{
    /// <summary>The Runtime API: <c>host:port</c>, to which AWS's test tool adds <c>/FunctionName</c>.</summary>
    public required string Endpoint { get; init; }

    public string FunctionName { get; init; } = "";

    public string FunctionVersion { get; init; } = "";

    public string LogGroupName { get; init; } = "";

    public string LogStreamName { get; init; } = "";

    public int MemoryLimitInMB { get; init; }

    /// <summary>Log lines below this level are not written. Lambda sets it; the default is Information.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <exception cref="InvalidOperationException">AWS_LAMBDA_RUNTIME_API is missing.</exception>
    public static RuntimeEnvironment FromProcess() => new()
    {
        Endpoint = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API") is { Length: > 0 } endpoint
            ? endpoint
            : throw new InvalidOperationException(
                "AWS_LAMBDA_RUNTIME_API is not set. This program must run under Lambda, infra/run.sh or AWS's test tool."),
        FunctionName = Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_NAME") ?? "",
        FunctionVersion = Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_VERSION") ?? "",
        LogGroupName = Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_GROUP_NAME") ?? "",
        LogStreamName = Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_STREAM_NAME") ?? "",
        MemoryLimitInMB = int.TryParse(
            Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), NumberStyles.None, CultureInfo.InvariantCulture,
                out var mb)
            ? mb
            : 0,
        LogLevel = ParseLogLevel(Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_LEVEL")),
    };

    /// <summary>The names are those of a function's <c>ApplicationLogLevel</c>.</summary>
    private static LogLevel ParseLogLevel(string? name) => name switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "WARN" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" => LogLevel.Critical,
        _ => LogLevel.Information,
    };
}
