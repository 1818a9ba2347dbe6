using System.Diagnostics;

namespace Collector.Local.Hosting;

/// <summary>Shows a page in the browser of this machine's user.</summary>
internal static class WebBrowser
{
    // Linux, macOS, and Linux inside Windows.
    private static readonly string[] Openers = ["xdg-open", "open", "wslview"];

    /// <summary>Opens the address; false when this machine has nothing to open it with.</summary>
    public static bool Open(string url)
    {
        if (Openers.Select(ChildProcess.Find).FirstOrDefault(path => path is not null) is not { } opener) return false;
        try
        {
            // Not a ChildProcess: the browser must not end with the host.
            var start = new ProcessStartInfo(opener, [url]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start);
            return process is not null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
