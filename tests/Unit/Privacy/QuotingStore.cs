using System.Reflection;

namespace Collector.Tests.Unit.Privacy;

/// <summary>A store of which every call fails with an exception that no code foresees and that quotes a secret.</summary>
public class QuotingStore : DispatchProxy
{
    public bool Asked { get; private set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Asked = true;
        throw new FormatException("'ls-secret' is no number", new InvalidCastException("ls-secret"));
    }
}
