namespace Collector.Benchmarks.Comparison;

/// <summary>The compared programs, and how long each is measured.</summary>
internal sealed class ComparisonOptions
{
    /// <summary>The published executable.</summary>
    public required string Executable { get; init; }

    public required IReadOnlyList<Peer> Peers { get; init; }

    /// <summary>The page to write, or null.</summary>
    public string? Page { get; init; }

    public int Rounds { get; init; } = 5;

    public int ColdPerRound { get; init; } = 20;

    /// <summary>Processor time that a process uses before the measurement, so that a just-in-time compiler has done its work.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan Warm { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Reads <c>--executable FILE [--node FILE] [--python FOLDER] [--page FILE] [--quick]</c>.</summary>
    public static ComparisonOptions Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, string>();
        var isQuick = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--quick") isQuick = true;
            else if (i + 1 < arguments.Count) values[arguments[i]] = arguments[++i];
            else throw new ArgumentException($"{arguments[i]} needs a value");
        }

        var peers = new List<Peer>();
        if (values.Remove("--node", out var node)) peers.Add(Peer.Node(node));
        if (values.Remove("--python", out var python)) peers.Add(Peer.Python(python));
        var executable = values.Remove("--executable", out var file) ? file : throw new ArgumentException("--executable is missing");
        var page = values.Remove("--page", out var path) ? path : null;
        if (values.Count > 0) throw new ArgumentException($"{values.First().Key} is not an option");
        return isQuick
            ? new()
            {
                Executable = executable, Peers = peers, Page = page, Rounds = 3, ColdPerRound = 3, WarmUp = TimeSpan.FromSeconds(1),
                Warm = TimeSpan.FromSeconds(1),
            }
            : new() { Executable = executable, Peers = peers, Page = page };
    }
}
