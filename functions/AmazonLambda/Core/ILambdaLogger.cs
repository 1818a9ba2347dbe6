namespace Amazon.Lambda.Core;

/// <summary>
/// The function's log. A message with arguments is a template: the first <c>{placeholder}</c> is replaced by the first argument and so on,
/// whatever its name. Only the first two methods must be implemented; the others call them.
/// </summary>
public interface ILambdaLogger
{
    void Log(string message);

    void LogLine(string message);

    void Log(LogLevel level, string message) => Log(message);

    void Log(LogLevel level, string message, params object?[] args) => Log(level, LogTemplate.Format(message, args));

    void Log(LogLevel level, Exception exception, string message, params object?[] args) => Log(level, message, args);

    void LogTrace(string message) => Log(LogLevel.Trace, message);

    void LogTrace(string message, params object?[] args) => Log(LogLevel.Trace, message, args);

    void LogTrace(Exception exception, string message, params object?[] args) => Log(LogLevel.Trace, exception, message, args);

    void LogDebug(string message) => Log(LogLevel.Debug, message);

    void LogDebug(string message, params object?[] args) => Log(LogLevel.Debug, message, args);

    void LogDebug(Exception exception, string message, params object?[] args) => Log(LogLevel.Debug, exception, message, args);

    void LogInformation(string message) => Log(LogLevel.Information, message);

    void LogInformation(string message, params object?[] args) => Log(LogLevel.Information, message, args);

    void LogInformation(Exception exception, string message, params object?[] args) =>
        Log(LogLevel.Information, exception, message, args);

    void LogWarning(string message) => Log(LogLevel.Warning, message);

    void LogWarning(string message, params object?[] args) => Log(LogLevel.Warning, message, args);

    void LogWarning(Exception exception, string message, params object?[] args) => Log(LogLevel.Warning, exception, message, args);

    void LogError(string message) => Log(LogLevel.Error, message);

    void LogError(string message, params object?[] args) => Log(LogLevel.Error, message, args);

    void LogError(Exception exception, string message, params object?[] args) => Log(LogLevel.Error, exception, message, args);

    void LogCritical(string message) => Log(LogLevel.Critical, message);

    void LogCritical(string message, params object?[] args) => Log(LogLevel.Critical, message, args);

    void LogCritical(Exception exception, string message, params object?[] args) => Log(LogLevel.Critical, exception, message, args);
}
