using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Collector.Tests;

/// <summary>
/// A process started by a test, with all its output. It does not outlive the tests: where setpriv is installed, the kernel ends it when the
/// tests are killed. (The kernel does so when the thread that started the process ends, so one thread starts all processes.)
/// </summary>
internal sealed class OwnedProcess : IAsyncDisposable
{
    private static readonly BlockingCollection<Action> Starts = StartThread();

    private readonly ConcurrentQueue<string> output = new();
    private readonly Process process;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OwnedProcess(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        process.Exited += (_, _) => Changed();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>The lines of standard output and standard error so far.</summary>
    public IReadOnlyCollection<string> Output => output.ToArray();

    public static OwnedProcess Start(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var command = new[] { program }.Concat(arguments);
        if (File.Exists("/usr/bin/setpriv"))
            command = new[] { "/usr/bin/setpriv", "--pdeathsig", "KILL", "--" }.Concat(command);
        var start = new ProcessStartInfo(command.First(), command.Skip(1))
        {
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        var owned = new OwnedProcess(start);
        using var started = new ManualResetEventSlim();
        Exception? failure = null;
        Starts.Add(() =>
        {
            try
            {
                owned.process.Start();
            }
            catch (Exception e)
            {
                failure = e;
            }

            started.Set();
        });
        started.Wait();
        if (failure is not null)
            throw new InvalidOperationException($"{program} did not start", failure);
        owned.process.BeginOutputReadLine();
        owned.process.BeginErrorReadLine();
        return owned;
    }

    /// <summary>Waits for an output line that fulfils the condition, and returns it.</summary>
    /// <exception cref="InvalidOperationException">
    /// The process ended without such a line, or the time ran out; the message contains the output.
    /// </exception>
    public async Task<string> WaitForLine(Func<string, bool> condition, TimeSpan limit)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var next = Volatile.Read(ref changed).Task;
            var ended = process.HasExited;
            if (output.FirstOrDefault(condition) is { } line)
                return line;
            var left = limit - TimeProvider.System.GetElapsedTime(began);
            if (ended || left <= TimeSpan.Zero)
                throw new InvalidOperationException(
                    $"{(ended ? "The process has ended" : "The line did not come")}:\n{string.Join('\n', output)}");
            // The last lines may arrive after the process has ended, so each wait has a limit.
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(200) < left ? TimeSpan.FromMilliseconds(200) : left));
        }
    }

    /// <summary>Sends a signal, by default SIGTERM.</summary>
    public void Signal(string signal = "TERM") => Signal(Id, signal);

    public static void Signal(int processId, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, processId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <exception cref="TimeoutException">The process has not ended in time.</exception>
    public Task WaitForExit(TimeSpan limit) => process.WaitForExitAsync().WaitAsync(limit);

    public int ExitCode => process.ExitCode;

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        output.Enqueue(line);
        Changed();
    }

    private void Changed() =>
        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private static BlockingCollection<Action> StartThread()
    {
        var queue = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var action in queue.GetConsumingEnumerable())
                action();
        })
        { IsBackground = true }.Start();
        return queue;
    }
}
