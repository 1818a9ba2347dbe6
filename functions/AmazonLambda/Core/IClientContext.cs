namespace Amazon.Lambda.Core;

/// <summary>Used by <see cref="ILambdaContext"/>. No mobile app calls a function here, so it is always null.</summary>
public interface IClientContext
{
    IDictionary<string, string> Environment { get; }

    IDictionary<string, string> Custom { get; }
}
