namespace Collector.Local.Lambda;

/// <summary>Invokes one function synchronously.</summary>
internal interface IInvoker
{
    Task<InvocationResult> Invoke(Invocation invocation, CancellationToken cancellation);
}
