using Amazon.Lambda.Core;

namespace Collector.Tests.Integration.Insights;

/// <summary>An invocation whose log is not looked at.</summary>
internal sealed class BenchContext : ILambdaContext, ILambdaLogger
{
    public string AwsRequestId => "00000000-0000-0000-0000-000000000000";

    public string FunctionName => "test";

    public string FunctionVersion => "$LATEST";

    public string InvokedFunctionArn => "arn:aws:lambda:us-east-1:000000000000:function:test";

    public string LogGroupName => "/aws/lambda/test";

    public string LogStreamName => "test";

    public ILambdaLogger Logger => this;

    public int MemoryLimitInMB => 512;

    public TimeSpan RemainingTime { get; init; } = TimeSpan.FromSeconds(10);

    public void Log(string message) => LogLine(message);

    // An error that a guard has turned into a status is what a failing test wants to see.
    public void LogLine(string message) => Console.WriteLine(message);
}

/// <summary>A clock that stands where a test puts it.</summary>
internal sealed class BenchClock : TimeProvider
{
    private readonly Lock gate = new();

    public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 7, 32, 46, TimeSpan.Zero);

    /// <summary>By how much it goes on when it is looked at.</summary>
    public TimeSpan Step { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return Now += Step;
    }
}
