namespace Amazon.Lambda.Core;

/// <summary>What Lambda tells a handler about its invocation and its function.</summary>
public interface ILambdaContext
{
    /// <summary>The id of the invocation. A retry of an asynchronous invocation has the same id.</summary>
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

    /// <summary>The time until Lambda ends the invocation; negative after that.</summary>
    TimeSpan RemainingTime { get; }
}
