using System.Runtime.InteropServices;

namespace Collector.Benchmarks.Comparison;

/// <summary>
/// The processor time of another process, all threads, user and system: the numbers of <c>/proc/PID/stat</c>, but to the microsecond
/// instead of the hundredth of a second.
/// </summary>
internal static partial class CpuClock
{
    /// <summary>Throws <see cref="IOException"/> when the process does not exist.</summary>
    public static TimeSpan Of(int process)
    {
        // The clock id that clock_getcpuclockid returns.
        if (ClockGetTime((~process << 3) | 2, out var time) != 0) throw new IOException("the process has ended");
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
