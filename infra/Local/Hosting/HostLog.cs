namespace Collector.Local.Hosting;

/// <summary>The host's output: short lines, never mixed. Of a request it shows nothing but the route.</summary>
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
