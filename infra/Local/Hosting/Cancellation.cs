namespace Collector.Local.Hosting;

internal static class Cancellation
{
    /// <summary>A task that ends when the token is cancelled.</summary>
    public static Task WhenCancelled(this CancellationToken token)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.UnsafeRegister(state => ((TaskCompletionSource)state!).TrySetResult(), source);
        return source.Task;
    }
}
