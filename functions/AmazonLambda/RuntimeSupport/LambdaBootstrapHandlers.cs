using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Runs once before the first invocation; false ends the function without one.</summary>
public delegate Task<bool> LambdaBootstrapInitializer();

/// <summary>Reads an event and writes the bytes of its answer, both in memory.</summary>
internal delegate Task InvocationHandler(MemoryStream request, ILambdaContext context, MemoryStream response);
