namespace Amazon.Lambda.Core;

/// <summary>Used by <see cref="ILambdaContext"/>. No mobile app calls a function here, so it is always null.</summary>
public interface ICognitoIdentity
{
    string IdentityId { get; }

    string IdentityPoolId { get; }
}
