using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Runs once before the first invocation; false ends the function without one.</summary>
public delegate Task<bool> LambdaBootstrapInitializer();

/// <summary>An event in, the bytes of the answer out, both in memory.</summary>
internal delegate Task InvocationHandler(MemoryStream request, ILambdaContext context, MemoryStream response);
