using System.Diagnostics;
using System.Globalization;

namespace Collector.Tests.Fleet.Faults;

/// <summary>
/// The processes that run a host's functions, found in /proc by their parent or by the connection of a call.
/// </summary>
internal sealed class FunctionProcesses(Func<int> hostProcess)
{
    private const string Name = "bootstrap";

    public IReadOnlyList<int> All()
    {
        var host = hostProcess();
        return [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
                .Where(id => id > 0 && IsFunction(id, host))];
    }

    /// <summary>The function at the other end of a connection from this local port; null when it has ended or is not a function.</summary>
    public int? OfConnection(int port)
    {
        if (InodeOf(port) is not { } inode) return null;
        var socket = $"socket:[{inode}]";
        foreach (var id in All())
        {
            try
            {
                if (Directory.EnumerateFileSystemEntries($"/proc/{id}/fd").Any(fd => new FileInfo(fd).LinkTarget == socket)) return id;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The process has ended in the meantime.
            }
        }

        return null;
    }

    /// <summary>Resident memory in KB; 0 when the process has ended.</summary>
    public static long Memory(int id)
    {
        var line = Read($"/proc/{id}/status").Split('\n').FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(
            line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>The handler of a process (<c>Events</c>).</summary>
    public static string Handler(int id) =>
        Read($"/proc/{id}/environ").Split(
            '\0').FirstOrDefault(v => v.StartsWith("_HANDLER=", StringComparison.Ordinal))?["_HANDLER=".Length..] ?? "?";

    public static void Signal(int id, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static bool IsFunction(int id, int host)
    {
        var stat = Read($"/proc/{id}/stat");
        var end = stat.LastIndexOf(')');
        return end > 0 && stat.Contains($"({Name})", StringComparison.Ordinal)
            && stat[(end + 2)..].Split(' ')[1] == host.ToString(CultureInfo.InvariantCulture);
    }

    // Finds the client's end of the connection: its local port, as hexadecimal digits, for IPv4 and IPv6.
    private static string? InodeOf(int port)
    {
        var local = port.ToString("X4", CultureInfo.InvariantCulture);
        return new[] { "/proc/net/tcp", "/proc/net/tcp6" }.SelectMany(file => Read(file).Split('\n').Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(parts => parts.Length > 9 && parts[1].EndsWith(":" + local, StringComparison.Ordinal))?[9];
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
