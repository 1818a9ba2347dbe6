using Amazon.Lambda.Core;

namespace Collector.Tests.Fleet.Faults;

/// <summary>An invocation of a function in this process; what it logs goes nowhere.</summary>
internal sealed class ReplayContext : ILambdaContext, ILambdaLogger
{
    public string AwsRequestId => "replay";

    public string FunctionName => "replay";

    public string FunctionVersion => "$LATEST";

    public string InvokedFunctionArn => "";

    public string LogGroupName => "";

    public string LogStreamName => "";

    public ILambdaLogger Logger => this;

    public int MemoryLimitInMB => 512;

    public TimeSpan RemainingTime => TimeSpan.FromMinutes(1);

    public void Log(string message)
    {
    }

    public void LogLine(string message)
    {
    }
}
