namespace Collector.Tests.Model;

/// <summary>The function has been killed: nothing after this line of it runs, and nobody catches it.</summary>
internal sealed class KilledException : Exception
{
    public KilledException()
        : base("killed")
    {
    }
}
