using System.Collections.Frozen;
using System.Text;
using BenchmarkDotNet.Attributes;
using Collector.Redaction;

namespace Collector.Benchmarks;

/// <summary>
/// What it costs to make a list ready, as each cold start does, and to look up the parts of one user agent in it, as each event does.
/// </summary>
[MemoryDiagnoser]
public class ListBenchmarks
{
    private const string Name = "user-agent-products.txt";

    private static readonly string[] Parts =
    [
        "aws-cli", "aws-cli/2.15.1", "md/awscrt", "ua", "os/linux", "md/arch", "md/arch#x86_64", "lang/python", "md/pyimpl#CPython",
        "cfg/retry-mode", "md/installer#exe", "md/prompt#off", "md/command", "exec-env/CloudShell", "jane",
    ];

    private readonly SortedLines sorted = SortedLines.Embedded(Name);
    private readonly HashedLines hashed = new(SortedLines.Embedded(Name));
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> frozen = Frozen().GetAlternateLookup<ReadOnlySpan<char>>();

    [Benchmark(Baseline = true)]
    public int LookUpHashed()
    {
        var found = 0;
        foreach (var part in Parts)
            found += hashed.Contains(part) ? 1 : 0;
        return found;
    }

    [Benchmark]
    public int LookUpSorted()
    {
        var found = 0;
        foreach (var part in Parts)
            found += sorted.Contains(part) ? 1 : 0;
        return found;
    }

    [Benchmark]
    public int LookUpFrozen()
    {
        var found = 0;
        foreach (var part in Parts)
            found += frozen.Contains(part) ? 1 : 0;
        return found;
    }

    [Benchmark]
    public bool MakeHashed() => new HashedLines(SortedLines.Embedded(Name)).Contains("aws-cli");

    [Benchmark]
    public bool MakeSorted() => SortedLines.Embedded(Name).Contains("aws-cli");

    [Benchmark]
    public bool MakeFrozen() => Frozen().Contains("aws-cli");

    private static FrozenSet<string> Frozen() =>
        Encoding.ASCII.GetString(SortedLines.Embedded(Name).Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToFrozenSet(StringComparer.Ordinal);
}
