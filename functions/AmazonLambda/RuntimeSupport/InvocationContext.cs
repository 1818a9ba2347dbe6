using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>One invocation, from the headers of its event.</summary>
internal sealed class InvocationContext(
    RuntimeEnvironment environment, TimeProvider clock, ILambdaLogger logger, string requestId, string functionArn, DateTimeOffset deadline)
    : ILambdaContext
{
    public string AwsRequestId => requestId;

    public IClientContext? ClientContext => null;

    public ICognitoIdentity? Identity => null;

    public string FunctionName => environment.FunctionName;

    public string FunctionVersion => environment.FunctionVersion;

    public string InvokedFunctionArn => functionArn;

    public ILambdaLogger Logger => logger;

    public string LogGroupName => environment.LogGroupName;

    public string LogStreamName => environment.LogStreamName;

    public int MemoryLimitInMB => environment.MemoryLimitInMB;

    public TimeSpan RemainingTime => deadline - clock.GetUtcNow();
}
