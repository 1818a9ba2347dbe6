namespace Collector.Local.Hosting;

/// <summary>The host's output: short lines, whole even when many write at once. Never holds anything of a request but its route.</summary>
internal sealed class HostLog(TextWriter output)
{
    private readonly Lock gate = new();

    public void Line(string text)
    {
        lock (gate)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }
}
