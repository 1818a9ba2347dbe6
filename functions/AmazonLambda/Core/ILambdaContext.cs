namespace Amazon.Lambda.Core;

/// <summary>What Lambda tells a handler about the invocation and the function it runs as.</summary>
public interface ILambdaContext
{
    /// <summary>The id of the invocation; a retry of an asynchronous one has the same.</summary>
    string AwsRequestId { get; }

    string FunctionName { get; }

    string FunctionVersion { get; }

    string InvokedFunctionArn { get; }

    ILambdaLogger Logger { get; }

    string LogGroupName { get; }

    string LogStreamName { get; }

    int MemoryLimitInMB { get; }

    /// <summary>The time until Lambda ends the invocation; negative once it is over.</summary>
    TimeSpan RemainingTime { get; }
}
