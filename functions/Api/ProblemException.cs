namespace Collector.Api;

/// <summary>Ends a request with a problem. The message is the answer's <c>detail</c>.</summary>
internal sealed class ProblemException(Problem problem, string detail) : Exception(detail)
{
    public Problem Problem { get; } = problem;
}
