using System.Reflection;

namespace Collector.Tests.Unit.Privacy;

/// <summary>A store whose every call fails with an unexpected exception that quotes a secret.</summary>
public class QuotingStore : DispatchProxy
{
    public bool Asked { get; private set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Asked = true;
        throw new FormatException("'ls-secret' is not a number", new InvalidCastException("ls-secret"));
    }
}
