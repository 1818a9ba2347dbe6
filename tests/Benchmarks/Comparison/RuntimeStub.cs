using System.Globalization;
using System.Text;

namespace Collector.Benchmarks.Comparison;

/// <summary>
/// Lambda's Runtime API for one process: sends it one event after another without delay, and receives the answers.
/// </summary>
internal sealed class RuntimeStub : IDisposable
{
    private static readonly byte[] Taken = HttpStub.Message("202 Accepted", "Content-Type: application/json\r\n", "{\"status\":\"OK\"}"u8);

    private readonly HttpStub http;
    private readonly Func<int, Invocation?> next;
    private readonly Action answered;
    private readonly ManualResetEvent over = new(false);
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Invocation? current;
    private int asked;

    /// <param name="next">
    /// Returns the event with a number, from 0; null when there are no more. Called when the process has finished its work.
    /// </param>
    /// <param name="answered">Called as soon as an answer has arrived.</param>
    public RuntimeStub(Func<int, Invocation?> next, Action answered)
    {
        (this.next, this.answered) = (next, answered);
        http = new HttpStub(Answer);
    }

    public string Address => http.Address;

    /// <summary>Completes when the process asks for an event and there are no more; fails when an answer is wrong.</summary>
    public Task Idle => idle.Task;

    public void Fail(string problem) => idle.TrySetException(new InvalidOperationException(problem));

    public void Dispose()
    {
        over.Set();
        http.Dispose();
    }

    private ReadOnlyMemory<byte> Answer(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (head.StartsWith("GET "u8)) return Next();
        answered();
        if (current is null || body.IndexOf(current.Answer.Span) < 0)
        {
            idle.TrySetException(new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"event {asked - 1} was answered with {Encoding.UTF8.GetString(body)}")));
        }

        return Taken;
    }

    private ReadOnlyMemory<byte> Next()
    {
        try
        {
            current = next(asked++);
        }
        catch (IOException e)
        {
            idle.TrySetException(e);
        }

        if (current is not null) return current.Message;
        idle.TrySetResult();
        over.WaitOne();
        return default;
    }
}
