using Collector.Redaction;

namespace Collector.Tests.Unit.Redaction;

/// <summary>The embedded lists match the corpus (tests/Shared/corpus/error-messages/README.md).</summary>
public class EmbeddedListTests
{
    private static readonly string Catalog = Path.Combine(Repository.Root, "functions", "Redaction", "catalog");

    [Fact]
    public void The_runs_match_the_messages() => IsUpToDate("error-runs.bin", ErrorRuns.File(ErrorRuns.Known(ErrorRuns.Recorded)));

    [Fact]
    public void The_error_types_match_the_names() => IsUpToDate("error-types.bin", ErrorRuns.File(ErrorRuns.Types()));

    [Fact]
    public void A_list_contains_exactly_its_hashes()
    {
        var random = new Random(1);
        var hashes = Enumerable.Range(0, 5_000).Select(_ => (ulong)random.NextInt64() << 1).Append(0UL).Append(ulong.MaxValue).ToArray();
        var list = ErrorRuns.List(hashes);
        Assert.All(hashes, hash => Assert.True(list.Contains(hash)));
        Assert.DoesNotContain(hashes, hash => list.Contains(~hash) && hash is not (0 or ulong.MaxValue));
        Assert.False(ErrorRuns.List([]).Contains(0));
    }

    private static void IsUpToDate(string name, byte[] made)
    {
        var path = Path.Combine(Catalog, name);
        if (Environment.GetEnvironmentVariable("UPDATE_LISTS") == "1")
            File.WriteAllBytes(path, made);
        Assert.True(
            made.AsSpan().SequenceEqual(File.ReadAllBytes(path)),
            $"{name} is older than the corpus; generate it again: "
            + $"UPDATE_LISTS=1 dotnet test tests/Unit -c Release --filter {nameof(EmbeddedListTests)}");
    }
}
