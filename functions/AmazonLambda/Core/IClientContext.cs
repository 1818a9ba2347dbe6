namespace Amazon.Lambda.Core;

/// <summary>Named by <see cref="ILambdaContext"/>; no function here is called by a mobile app, so nothing has one.</summary>
public interface IClientContext
{
    IDictionary<string, string> Environment { get; }

    IDictionary<string, string> Custom { get; }
}
