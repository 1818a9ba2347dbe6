using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Collector.Redaction;

namespace Collector.Benchmarks;

/// <summary>
/// The cost of preparing a list, as at each cold start, and of looking up the parts of a user agent or the runs of a message in it, as for
/// each event. Sorted lines are searched in place; .NET's sets are first built from the same embedded file.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class ListBenchmarks
{
    private const string Name = "user-agent-products.txt";
    private const string Runs = "error-runs.bin";

    private static readonly string[] Parts =
    [
        "aws-cli", "aws-cli/2.15.1", "md/awscrt", "ua", "os/linux", "md/arch", "md/arch#x86_64", "lang/python", "md/pyimpl#CPython",
        "cfg/retry-mode", "md/installer#exe", "md/prompt#off", "md/command", "exec-env/CloudShell", "jane",
    ];

    // Thirty runs and words, as in a message; every second one is known.
    private static readonly ulong[] Message =
        [.. ReadRuns().Where((_, i) => i % 1_000 == 0).Take(15).SelectMany(hash => new[] { hash, ~hash })];

    private readonly SortedLines sorted = SortedLines.Embedded(Name);
    private readonly HashedLines hashed = new(SortedLines.Embedded(Name));
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> frozen = Frozen().GetAlternateLookup<ReadOnlySpan<char>>();
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> set = Set().GetAlternateLookup<ReadOnlySpan<char>>();
    private readonly HashList runs = HashList.Embedded(Runs);
    private readonly FrozenSet<ulong> frozenRuns = ReadRuns().ToFrozenSet();

    [Benchmark(Baseline = true), BenchmarkCategory("user agent")]
    public int LookUpHashed()
    {
        var found = 0;
        foreach (var part in Parts)
            found += hashed.Contains(part) ? 1 : 0;
        return found;
    }

    [Benchmark, BenchmarkCategory("user agent")]
    public int LookUpSorted()
    {
        var found = 0;
        foreach (var part in Parts)
            found += sorted.Contains(part) ? 1 : 0;
        return found;
    }

    [Benchmark, BenchmarkCategory("user agent")]
    public int LookUpFrozen()
    {
        var found = 0;
        foreach (var part in Parts)
            found += frozen.Contains(part) ? 1 : 0;
        return found;
    }

    [Benchmark, BenchmarkCategory("user agent")]
    public int LookUpSet()
    {
        var found = 0;
        foreach (var part in Parts)
            found += set.Contains(part) ? 1 : 0;
        return found;
    }

    [Benchmark(Baseline = true), BenchmarkCategory("products at a cold start")]
    public bool MakeHashed() => new HashedLines(SortedLines.Embedded(Name)).Contains("aws-cli");

    [Benchmark, BenchmarkCategory("products at a cold start")]
    public bool MakeSorted() => SortedLines.Embedded(Name).Contains("aws-cli");

    [Benchmark, BenchmarkCategory("products at a cold start")]
    public bool MakeFrozen() => Frozen().GetAlternateLookup<ReadOnlySpan<char>>().Contains("aws-cli");

    [Benchmark, BenchmarkCategory("products at a cold start")]
    public bool MakeSet() => Set().GetAlternateLookup<ReadOnlySpan<char>>().Contains("aws-cli");

    [Benchmark(Baseline = true), BenchmarkCategory("message")]
    public int LookUpRuns()
    {
        var found = 0;
        foreach (var hash in Message)
            found += runs.Contains(hash) ? 1 : 0;
        return found;
    }

    [Benchmark, BenchmarkCategory("message")]
    public int LookUpFrozenRuns()
    {
        var found = 0;
        foreach (var hash in Message)
            found += frozenRuns.Contains(hash) ? 1 : 0;
        return found;
    }

    [Benchmark(Baseline = true), BenchmarkCategory("runs at a cold start")]
    public bool MakeRuns() => HashList.Embedded(Runs).Contains(Message[0]);

    [Benchmark, BenchmarkCategory("runs at a cold start")]
    public bool MakeFrozenRuns() => ReadRuns().ToFrozenSet().Contains(Message[0]);

    [Benchmark, BenchmarkCategory("runs at a cold start")]
    public bool MakeSetOfRuns() => ReadRuns().ToHashSet().Contains(Message[0]);

    // The hashes of the file, whose format HashList describes.
    private static ulong[] ReadRuns()
    {
        const int rest = HashList.RestBits / 8;
        var bytes = EmbeddedFile.Open(Runs).Bytes;
        var offsets = MemoryMarshal.Cast<byte, ushort>(bytes[..(((1 << HashList.BucketBits) + 1) * sizeof(ushort))]);
        var entries = bytes[(offsets.Length * sizeof(ushort))..];
        var hashes = new ulong[offsets[^1]];
        for (var bucket = 0; bucket < offsets.Length - 1; bucket++)
        {
            for (int at = offsets[bucket]; at < offsets[bucket + 1]; at++)
            {
                var entry = entries[(at * rest)..];
                var low = (ulong)((entry[0] << 16) | (entry[1] << 8) | entry[2]);
                hashes[at] = (((ulong)bucket << HashList.RestBits) | low) << (64 - HashList.BucketBits - HashList.RestBits);
            }
        }

        return hashes;
    }

    private static string[] Lines() =>
        Encoding.ASCII.GetString(SortedLines.Embedded(Name).Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static FrozenSet<string> Frozen() => Lines().ToFrozenSet(StringComparer.Ordinal);

    private static HashSet<string> Set() => new(Lines(), StringComparer.Ordinal);
}
