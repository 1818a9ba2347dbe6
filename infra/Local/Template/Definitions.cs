using System.Text.Json.Nodes;

namespace Collector.Local.Template;

/// <summary>A Lambda function.</summary>
/// <param name="LogicalId">Its name in the template and in the host's log.</param>
/// <param name="Name">Its name in AWS.</param>
/// <param name="Timeout">The longest time of an invocation.</param>
internal sealed record FunctionDefinition(
    string LogicalId, string Name, string Handler, int MemoryMb, TimeSpan Timeout, IReadOnlyDictionary<string, string> Variables);

/// <summary>A method of the REST API.</summary>
/// <param name="Method">In upper case; ANY for all.</param>
/// <param name="Path">As in the template: <c>/stacks/{session}</c>.</param>
internal sealed record RouteDefinition(string Method, string Path, string FunctionId);

/// <summary>The REST API's stage.</summary>
internal sealed record ApiDefinition(string Stage, IReadOnlyList<string> BinaryMediaTypes, JsonObject GatewayResponses);

/// <summary>A DynamoDB table: the request for CreateTable, and the attribute by which items expire.</summary>
internal sealed record TableDefinition(string LogicalId, string Name, JsonObject Create, string? TimeToLiveAttribute);

/// <summary>An event source mapping of a table's stream; the defaults are Lambda's.</summary>
internal sealed record MappingDefinition(string Id, string FunctionId, string TableName)
{
    public int BatchSize { get; init; } = 100;

    public TimeSpan BatchingWindow { get; init; }

    public TimeSpan TumblingWindow { get; init; }

    public bool Bisect { get; init; }

    public bool ReportsItemFailures { get; init; }

    /// <summary>-1 retries until the record expires.</summary>
    public int MaximumRetryAttempts { get; init; } = -1;

    /// <summary>Null means as long as the stream keeps the record.</summary>
    public TimeSpan? MaximumRecordAge { get; init; }

    public IReadOnlyList<string> FilterPatterns { get; init; } = [];

    public bool HasFailureDestination { get; init; }
}

/// <summary>A schedule that invokes a function.</summary>
internal sealed record ScheduleDefinition(string Id, string FunctionId, TimeSpan Rate);
