using Collector.Policy;
using Collector.Redaction;
using Collector.Tests.Unit.Policy;

namespace Collector.Tests.Unit.Redaction;

/// <summary>The cleaners with the limits of policy.json.</summary>
internal static class Shipped
{
    public static int MaxMessage { get; } = AtMost("aws_request", "payload.err_msg");

    public static int MaxTrace { get; } = AtMost("aws_request", "payload.stack_trace");

    public static int MaxAgent { get; } = AtMost("aws_request", "payload.user_agent");

    public static string ErrorMessage(ReadOnlySpan<char> text) => Redactor.ErrorMessage(text, MaxMessage);

    public static string StackTrace(ReadOnlySpan<char> text) => Redactor.StackTrace(text, MaxTrace);

    public static string UserAgent(ReadOnlySpan<char> text) => Collector.Redaction.UserAgent.Clean(text, MaxAgent);

    private static int AtMost(string name, string field) =>
        Policies.Shipped.Enforced.Events.Single(e => e.Name == name).Fields!.Single(f => f.Field == field).AtMost!.Value;
}
