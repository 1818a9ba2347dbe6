using System.Globalization;
using System.Text.RegularExpressions;

namespace Collector.Tests.EndToEnd;

/// <summary>
/// The proof of exactly-once, as a program: tests/Fleet runs a collector of its own, does to it what can be done, and compares what it knows with what
/// was counted. <c>FLEET_FAULTS</c> sets how many faults (the long run has 100,000), <c>FLEET_SEED</c> the draw.
/// </summary>
public sealed partial class FleetTests
{
    private const int Faults = 2_000;

    private static readonly TimeSpan Limit = TimeSpan.FromHours(3);

    [Fact]
    public async Task Nothing_is_lost_and_nothing_counted_twice_whatever_goes_wrong()
    {
        var faults = Environment.GetEnvironmentVariable("FLEET_FAULTS") is { Length: > 0 } more ? int.Parse(more, CultureInfo.InvariantCulture) : Faults;
        var seed = Environment.GetEnvironmentVariable("FLEET_SEED") is { Length: > 0 } other ? other : "1";
        await using var fleet = OwnedProcess.Start(
            Path.Combine(Repository.Output("tests/Fleet"), "Collector.Tests.Fleet"),
            ["faults", "--faults", faults.ToString(CultureInfo.InvariantCulture), "--seed", seed, "--sessions", "150"]);
        await fleet.WaitForExit().WaitAsync(Limit);
        // The last lines may come behind the end.
        await Eventually.True(() => fleet.Output.Any(line => line.StartsWith("recounted ", StringComparison.Ordinal)), seconds: 5);

        var output = string.Join('\n', fleet.Output);
        Assert.True(fleet.ExitCode == 0, output);
        Assert.True(int.Parse(All().Match(output).Groups[1].Value, CultureInfo.InvariantCulture) >= faults, output);
        foreach (var kind in (ReadOnlySpan<string>)["client: ", "store: ", "process: ", "stream: "]) Assert.Contains("| " + kind, output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\*\*all\*\* \| \*\*(\d+)\*\*")]
    private static partial Regex All();
}
