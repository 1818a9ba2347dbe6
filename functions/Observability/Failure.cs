using System.Text;

namespace Collector.Observability;

/// <summary>
/// Describes an exception without quoting an event. Its type and stack trace name only code. Its message may quote an event, unless the
/// exception's type belongs to this project: these messages never contain parts of an event.
/// </summary>
internal static class Failure
{
    /// <summary>For the log: types and stack traces of the exception and of its causes, in several lines.</summary>
    public static string Describe(Exception exception)
    {
        var text = new StringBuilder();
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause != exception) text.Append("\ncaused by ");
            text.Append(cause.GetType().FullName).Append('\n').Append(cause.StackTrace);
        }

        return text.ToString();
    }

    /// <summary>For Lambda, which returns it to the caller: one line.</summary>
    public static string Summarise(Exception exception) => IsOwn(exception)
        ? exception.Message
        : $"The function failed with {exception.GetType().FullName}; its log has the stack trace.";

    private static bool IsOwn(Exception exception) =>
        exception.GetType().Namespace is { } space && (space == "Collector" || space.StartsWith("Collector.", StringComparison.Ordinal));
}
