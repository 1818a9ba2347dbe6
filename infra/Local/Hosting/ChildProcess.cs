using System.Collections.Concurrent;
using System.Diagnostics;

namespace Collector.Local.Hosting;

/// <summary>
/// A child process that does not outlive the host. If setpriv (util-linux) is installed, the kernel ends the child whenever the host ends.
/// setsid prevents a Ctrl-C in the terminal from reaching the child: the host ends its children itself.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly BlockingCollection<Action> Starts = StartThread();
    private static readonly string[] Wrapper =
    [
        .. Find("setsid") is { } setsid ? new[] { setsid } : [],
        .. Find("setpriv") is { } setpriv ? new[] { setpriv, "--pdeathsig", "KILL", "--" } : [],
    ];

    private readonly Process process;
    private readonly Task exited;

    private ChildProcess(Process process, Task exited)
    {
        this.process = process;
        this.exited = exited;
        Id = process.Id;
    }

    public int Id { get; }

    /// <summary>Completes as soon as the process has ended; its last output may still arrive.</summary>
    public Task Exited => exited;

    /// <summary>Starts a program with exactly these environment variables.</summary>
    /// <param name="line">Receives each line that it writes to standard output or error.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment, Action<string> line)
    {
        var command = new[] { program }.Concat(arguments).ToArray();
        if (Wrapper.Length > 0)
            command = [.. Wrapper, .. command];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.Exited += (_, _) => exited.TrySetResult();
        process.OutputDataReceived += (_, e) => Pass(e.Data, line);
        process.ErrorDataReceived += (_, e) => Pass(e.Data, line);
        OnStartThread(process.Start);
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ChildProcess(process, exited.Task);
    }

    public void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has already ended.
        }
    }

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }

    /// <summary>The path of a program on the PATH, or null.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static void Pass(string? text, Action<string> line)
    {
        if (!string.IsNullOrEmpty(text))
            line(text);
    }

    /// <summary>
    /// The kernel sends the parent-death signal when the thread that started the child ends. A pool thread may end at any time, so all
    /// children are started on one thread that runs as long as the host.
    /// </summary>
    private static BlockingCollection<Action> StartThread()
    {
        var queue = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var action in queue.GetConsumingEnumerable())
                action();
        })
        { IsBackground = true, Name = "child processes" }.Start();
        return queue;
    }

    private static void OnStartThread(Func<bool> start)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                start();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        done.Task.GetAwaiter().GetResult();
    }
}
