namespace Amazon.Lambda.Core;

/// <summary>Named by <see cref="ILambdaContext"/>; no function here is called by a mobile app, so nothing has one.</summary>
public interface ICognitoIdentity
{
    string IdentityId { get; }

    string IdentityPoolId { get; }
}
