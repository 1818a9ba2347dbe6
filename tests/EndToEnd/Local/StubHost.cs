using System.Text.Json;

namespace Collector.Tests.EndToEnd.Local;

/// <summary>The local host with the small stack in tests/EndToEnd/Stub instead of the collector.</summary>
public sealed class StubHost : IAsyncLifetime
{
    private readonly DirectoryInfo gathered = Directory.CreateTempSubdirectory("collector-stub-");

    public RunningCollector Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await RunningCollector.Run(Options(Out));

    /// <summary>The folder where the Gather function writes its events. The file "refuse" in it makes the function fail.</summary>
    public string Out => gathered.FullName;

    /// <summary>The records accepted by the stream's function, in order, each with the window fields of its event.</summary>
    public IReadOnlyList<JsonElement> Events() => File.Exists(Path.Combine(Out, "events"))
        ? [.. File.ReadAllLines(Path.Combine(Out, "events")).Select(line => JsonDocument.Parse(line).RootElement)]
        : [];

    public IReadOnlyList<string> Ids() => [.. Events()
        .SelectMany(e => e.GetProperty("Records").EnumerateArray())
        .Select(record => record.GetProperty("dynamodb").GetProperty("Keys").GetProperty("id").GetProperty("S").GetString()!)];

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        gathered.Delete(recursive: true);
    }

    internal static RunningCollectorOptions Options(string output) => new()
    {
        Template = Path.Combine(RollupJob, "template.yaml"),
        Functions = RollupJob,
        Arguments = ["--parameter", "Out=" + output, "--concurrency", "2", "--host-name", "collector.test"],
    };

    private static string RollupJob { get; } = Path.Combine(Repository.Root, "tests", "EndToEnd", "Stub");
}
