using Amazon.Lambda.Core;

namespace Collector.Tests.Unit.Ingest;

/// <summary>An invocation whose log lines are kept.</summary>
internal sealed class TestContext(ILambdaLogger logger) : ILambdaContext
{
    public string AwsRequestId => "00000000-0000-0000-0000-000000000000";

    public string FunctionName => "test";

    public string FunctionVersion => "$LATEST";

    public string InvokedFunctionArn => "arn:aws:lambda:us-east-1:000000000000:function:test";

    public string LogGroupName => "/aws/lambda/test";

    public string LogStreamName => "test";

    public ILambdaLogger Logger { get; } = logger;

    public int MemoryLimitInMB => 512;

    public TimeSpan RemainingTime => TimeSpan.FromSeconds(10);
}

internal sealed class RecordingLog : ILambdaLogger
{
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines => lines;

    public void Log(string message) => lines.Add(message);

    public void LogLine(string message) => lines.Add(message);
}

/// <summary>A clock that stands where a test puts it.</summary>
internal sealed class TestClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 7, 32, 46, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
