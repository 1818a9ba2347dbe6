using System.Globalization;

namespace Collector.Benchmarks.Comparison;

/// <summary>
/// A control group whose processes get a share of one processor, as Lambda gives it in proportion to a function's memory: they run for this
/// share of each period and then wait for the next one. Needs a root user and cgroups, version 1 or 2.
/// </summary>
internal sealed class ProcessorShare : IDisposable
{
    /// <summary>
    /// AWS documents the share but not the period. With a longer period, a process waits less often and longer.
    /// </summary>
    private const int PeriodMicroseconds = 20_000;

    private readonly DirectoryInfo group;

    private ProcessorShare(DirectoryInfo group) => this.group = group;

    /// <summary>A group with this share; null where this machine does not allow one.</summary>
    public static ProcessorShare? TryCreate(double share)
    {
        var quota = (int)(share * PeriodMicroseconds);
        try
        {
            if (Directory.Exists("/sys/fs/cgroup/cpu"))
            {
                var group = Directory.CreateDirectory($"/sys/fs/cgroup/cpu/collector-{Environment.ProcessId}");
                Write(group, "cpu.cfs_period_us", string.Create(CultureInfo.InvariantCulture, $"{PeriodMicroseconds}"));
                Write(group, "cpu.cfs_quota_us", string.Create(CultureInfo.InvariantCulture, $"{quota}"));
                return new ProcessorShare(group);
            }

            var unified = Directory.CreateDirectory($"/sys/fs/cgroup/collector-{Environment.ProcessId}");
            Write(unified, "cpu.max", string.Create(CultureInfo.InvariantCulture, $"{quota} {PeriodMicroseconds}"));
            return new ProcessorShare(unified);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The same peer, whose process joins the group before it starts the peer's command.</summary>
    public Peer Of(Peer peer) => peer with
    {
        Command = ["sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", Path.Combine(group.FullName, "cgroup.procs"), .. peer.Command],
    };

    public void Dispose() => group.Delete();

    private static void Write(DirectoryInfo group, string file, string value) =>
        File.WriteAllText(Path.Combine(group.FullName, file), value);
}
