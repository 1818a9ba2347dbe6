using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Collector.Tests.EndToEnd.Collector;

/// <summary>The README's example, typed as shown, gives the output that is shown; only times and days differ.</summary>
public sealed partial class ReadmeTests(RunningCollector collector) : IClassFixture<RunningCollector>
{
    [SkippableFact]
    public async Task The_example_gives_the_output_that_it_shows()
    {
        RunningCollector.MustBeOfThisMachine();
        var examples = Examples(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"))).ToList();
        Assert.NotEmpty(examples);
        foreach (var (command, output) in examples)
        {
            // A reading command is repeated until the sent events are counted.
            var asks = !command.Contains(" -d ", StringComparison.Ordinal);
            var given = await Eventually.Get(() => Run(command), text => !asks || WithoutTimes(text) == WithoutTimes(output));
            Assert.Equal(WithoutTimes(output), WithoutTimes(given));
        }
    }

    /// <summary>
    /// The commands with curl and their output. A command ends with the line that closes its last quotation mark.
    /// </summary>
    private static IEnumerable<(string Command, string Output)> Examples(string text)
    {
        foreach (var block in Block().Matches(text).Select(match => match.Groups[1].Value).Where(IsCurl))
        {
            var lines = new Queue<string>(block.TrimEnd('\n').Split('\n'));
            while (lines.Count > 0)
            {
                var command = lines.Dequeue()[2..];
                while (command.Count(c => c == '\'') % 2 == 1) command += "\n" + lines.Dequeue();
                var output = new List<string>();
                while (lines.Count > 0 && !lines.Peek().StartsWith("$ ", StringComparison.Ordinal)) output.Add(lines.Dequeue());
                yield return (command, string.Join('\n', output));
            }
        }
    }

    private static bool IsCurl(string block) => block.StartsWith("$ curl", StringComparison.Ordinal);

    private async Task<string> Run(string command)
    {
        var address = $"localhost:{collector.Port.ToString(CultureInfo.InvariantCulture)}";
        var here = command.Replace("localhost:8080", address, StringComparison.Ordinal);
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", here]) { RedirectStandardOutput = true })!;
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return output.TrimEnd('\n');
    }

    private static string WithoutTimes(string text)
    {
        text = Duration().Replace(Day().Replace(Time().Replace(text, "(time)"), "(day)"), "\"duration_s\":0");
        // On a busy machine the SDK retries a write and finds its own item, which is then reported as a duplicate.
        return Kept().Replace(text, match => $"\"kept\":{int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            + int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture)}");
    }

    [GeneratedRegex(@"^```console\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z")]
    private static partial Regex Time();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d")]
    private static partial Regex Day();

    [GeneratedRegex("\"stored\":(\\d+),\"duplicates\":(\\d+)")]
    private static partial Regex Kept();

    [GeneratedRegex("\"duration_s\":\\d+")]
    private static partial Regex Duration();
}
