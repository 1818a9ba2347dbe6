using System.Collections.Concurrent;
using Amazon.Lambda.Core;

namespace Collector.Tests;

/// <summary>The context of an invocation in this process.</summary>
/// <param name="logger">Null prints the log, which helps when a test fails.</param>
internal sealed class TestContext(ILambdaLogger? logger = null) : ILambdaContext
{
    public string AwsRequestId => "00000000-0000-0000-0000-000000000000";

    public IClientContext? ClientContext => null;

    public ICognitoIdentity? Identity => null;

    public string FunctionName => "test";

    public string FunctionVersion => "$LATEST";

    public string InvokedFunctionArn => "arn:aws:lambda:us-east-1:000000000000:function:test";

    public string LogGroupName => "/aws/lambda/test";

    public string LogStreamName => "test";

    public ILambdaLogger Logger { get; } = logger ?? new PrintingLog();

    public int MemoryLimitInMB => 512;

    public TimeSpan RemainingTime { get; init; } = TimeSpan.FromSeconds(10);

    private sealed class PrintingLog : ILambdaLogger
    {
        public void Log(string message) => LogLine(message);

        public void LogLine(string message) => Console.WriteLine(message);
    }
}

/// <summary>Keeps the log lines.</summary>
internal sealed class RecordingLog : ILambdaLogger
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> Lines => lines;

    public void Log(string message) => lines.Enqueue(message);

    public void LogLine(string message) => lines.Enqueue(message);
}
