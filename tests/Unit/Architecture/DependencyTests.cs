using System.Text.RegularExpressions;

namespace Collector.Tests.Unit.Architecture;

/// <summary>Dependencies between the rooms of functions/ point one way.</summary>
public sealed partial class DependencyTests
{
    // A room may use those named beside it, and itself. Composition.cs, which puts functions together, may use all.
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Policy"] = [],
        ["Storage"] = ["Policy", "Observability"],
        ["Http"] = ["Policy", "Storage", "Observability"],
        ["Observability"] = [],
        ["Aggregation"] = ["Policy", "Storage", "Observability"],
        ["Ingest"] = ["Policy", "Storage", "Http", "Observability"],
        ["Insights"] = ["Policy", "Storage", "Http", "Observability"],
        ["Folding"] = ["Storage", "Observability"],
        ["Erasing"] = ["Policy", "Storage", "Http", "Observability"],
        ["AmazonLambda"] = [],
    };

    public static TheoryData<string> Rooms() => [.. Directory.GetDirectories(Functions).Select(d => Path.GetFileName(d)!).Where(d => d is not ("bin" or "obj"))];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_what_it_may(string room)
    {
        Assert.True(MayUse.ContainsKey(room), $"functions/{room} is new: say here what it may use");
        var used = Directory.GetFiles(Path.Combine(Functions, room), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal))
            .SelectMany(File.ReadLines).SelectMany(line => Room().Matches(line)).Select(match => match.Groups[1].Value).Where(MayUse.ContainsKey);
        Assert.Subset(new HashSet<string>([.. MayUse[room], room]), used.ToHashSet());
    }

    [Fact]
    public void Only_storage_knows_dynamodb()
    {
        var others = Directory.GetFiles(Functions, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(Functions, file).Split('/')[0] is not ("Storage" or "AmazonLambda" or "bin" or "obj" or "Composition.cs"));
        Assert.DoesNotContain(others, file => File.ReadAllText(file).Contains("Amazon.DynamoDBv2", StringComparison.Ordinal));
    }

    private static string Functions { get; } = Path.Combine(Repository.Root, "functions");

    [GeneratedRegex(@"\bCollector\.([A-Z]\w+)")]
    private static partial Regex Room();
}
