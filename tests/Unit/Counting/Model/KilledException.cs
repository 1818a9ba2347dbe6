namespace Collector.Tests.Model;

/// <summary>The function has been killed: none of its remaining code runs, and none of it catches this exception.</summary>
internal sealed class KilledException : Exception
{
    public KilledException()
        : base("killed")
    {
    }
}
