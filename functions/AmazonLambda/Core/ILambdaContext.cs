namespace Amazon.Lambda.Core;

/// <summary>What Lambda tells a handler about the invocation and the function it runs as.</summary>
public interface ILambdaContext
{
    /// <summary>The id of the invocation; a retry of an asynchronous one has the same.</summary>
    string AwsRequestId { get; }

    /// <summary>What a mobile app says of itself; null for every other caller.</summary>
    IClientContext? ClientContext { get; }

    string FunctionName { get; }

    string FunctionVersion { get; }

    /// <summary>Who the user of a mobile app is; null for every other caller.</summary>
    ICognitoIdentity? Identity { get; }

    string InvokedFunctionArn { get; }

    ILambdaLogger Logger { get; }

    string LogGroupName { get; }

    string LogStreamName { get; }

    int MemoryLimitInMB { get; }

    /// <summary>The time until Lambda ends the invocation; negative once it is over.</summary>
    TimeSpan RemainingTime { get; }
}
