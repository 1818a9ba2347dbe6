namespace Amazon.Lambda.Core;

/// <summary>Lambda's information for a handler about its invocation and its function.</summary>
public interface ILambdaContext
{
    /// <summary>The id of the invocation. A retry of an asynchronous invocation has the same id.</summary>
    string AwsRequestId { get; }

    /// <summary>Information that a mobile app sends about itself; null for every other caller.</summary>
    IClientContext? ClientContext { get; }

    string FunctionName { get; }

    string FunctionVersion { get; }

    /// <summary>The user of a mobile app; null for every other caller.</summary>
    ICognitoIdentity? Identity { get; }

    string InvokedFunctionArn { get; }

    ILambdaLogger Logger { get; }

    string LogGroupName { get; }

    string LogStreamName { get; }

    int MemoryLimitInMB { get; }

    /// <summary>The time until Lambda ends the invocation; negative after that.</summary>
    TimeSpan RemainingTime { get; }
}
