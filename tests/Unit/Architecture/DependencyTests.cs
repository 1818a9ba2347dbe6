using System.Text.RegularExpressions;

namespace Collector.Tests.Unit.Architecture;

/// <summary>Dependencies between the folders of functions/ point one way.</summary>
public sealed partial class DependencyTests
{
    // The other folders that a folder may use. App.cs, which builds each function from its parts, may use all.
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["AmazonLambda"] = [],
        ["Observability"] = [],
        ["Redaction"] = [],
        ["Policy"] = ["Redaction"],
        ["Storage"] = ["Policy", "Observability"],
        ["Metrics"] = ["Policy", "Redaction", "Storage"],
        ["Api"] = ["Policy", "Storage", "Observability"],
        ["Counting"] = ["Metrics", "Policy", "Storage", "Observability"],
        ["Ingest"] = ["Api", "Policy", "Storage", "Observability"],
        ["Ownership"] = ["Api", "Ingest", "Metrics", "Policy", "Storage", "Observability"],
        ["Rollup"] = ["Metrics", "Storage", "Observability"],
        ["Site"] = ["Api", "Ingest", "Policy", "Storage"],
        ["Stacks"] = ["Api", "Metrics", "Storage", "Observability"],
        ["Usage"] = ["Api", "Metrics", "Storage", "Observability"],
    };

    public static TheoryData<string> Rooms() =>
        [.. Directory.GetDirectories(Functions).Select(d => Path.GetFileName(d)!).Where(d => d is not ("bin" or "obj"))];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_folder_uses_only_the_folders_that_it_may_use(string room)
    {
        Assert.True(MayUse.ContainsKey(room), $"functions/{room} is new: list here the folders that it may use");
        var used = Directory.GetFiles(Path.Combine(Functions, room), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal))
            .SelectMany(File.ReadLines).SelectMany(line => Room().Matches(line)).Select(match => match.Groups[1].Value)
                .Where(MayUse.ContainsKey);
        Assert.Subset(new HashSet<string>([.. MayUse[room], room]), used.ToHashSet());
    }

    [Fact]
    public void No_folders_depend_on_each_other_in_a_cycle()
    {
        var rest = new Dictionary<string, string[]>(MayUse);
        while (rest.Count > 0)
        {
            // A folder that uses none of the remaining ones is not part of a cycle.
            var free = rest.Where(room => !room.Value.Any(rest.ContainsKey)).Select(room => room.Key).ToList();
            Assert.True(free.Count > 0, $"a circle: {string.Join(", ", rest.Keys)}");
            foreach (var room in free) rest.Remove(room);
        }
    }

    [Fact]
    public void A_folder_is_one_namespace() => Assert.All(
        Directory.GetDirectories(Functions).Where(room => Path.GetFileName(room) is not ("bin" or "obj" or "AmazonLambda"))
            .SelectMany(room => Directory.GetFiles(room, "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal)),
        file => Assert.Contains($"namespace Collector.{Path.GetRelativePath(Functions, file).Split('/')[0]};", File.ReadAllText(file),
            StringComparison.Ordinal));

    [Fact]
    public void Only_storage_uses_dynamodb()
    {
        var others = Directory.GetFiles(Functions, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(Functions, file)
                .Split('/')[0] is not ("Storage" or "AmazonLambda" or "bin" or "obj" or "App.cs"));
        Assert.DoesNotContain(others, file => File.ReadAllText(file).Contains("Amazon.DynamoDBv2", StringComparison.Ordinal));
    }

    private static string Functions { get; } = Path.Combine(Repository.Root, "functions");

    [GeneratedRegex(@"\bCollector\.([A-Z]\w+)")]
    private static partial Regex Room();
}
