namespace Collector.Benchmarks.Comparison;

/// <summary>A program that does the collector's job: its name, and the command that starts it.</summary>
/// <param name="Variables">Environment variables in addition to Lambda's.</param>
internal sealed record Peer(string Name, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string>? Variables = null)
{
    private const string Remember = "REMEMBER_SESSIONS";

    /// <summary>Whether it reads a session once instead of for each batch; the collector always does.</summary>
    public bool Remembers => Variables?.ContainsKey(Remember) == true;

    /// <summary>The published executable.</summary>
    public static Peer Ours(string name, string executable, IReadOnlyDictionary<string, string>? variables = null) =>
        new(name, [Path.GetFullPath(executable)], variables);

    /// <summary>Node.js, with the heap size that Lambda's runtime sets for a function of 1,024 MB.</summary>
    public static Peer Node(string bundle) =>
        new("Node.js", ["node", "--max-semi-space-size=51", "--max-old-space-size=921", Path.GetFullPath(bundle)]);

    public static Peer Python(string folder) => new("Python", ["python3", Path.Combine(Path.GetFullPath(folder), "peer.py")]);

    /// <summary>The same peer, but it remembers session statuses like the collector and does not read them for each batch.</summary>
    public Peer Remembering() => this with
    {
        Name = Name + ", remembering", Variables = new Dictionary<string, string>(Variables ?? new Dictionary<string, string>())
        {
            [Remember] = "true",
        },
    };
}
