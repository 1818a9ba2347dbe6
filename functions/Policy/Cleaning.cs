using System.Runtime.InteropServices;
using System.Text.Json;

namespace Collector.Policy;

/// <summary>What the cleaning of one event needs beside its rules, and what it notes down: the stripped fields, by path, never by value.</summary>
internal sealed class Cleaning(Fingerprints fingerprints, EventTier tier, BatchMemory memory)
{
    /// <summary>The longest list of words that is kept (issue: command paths and parameter names of at most five words).</summary>
    public const int MaxTexts = 5;

    /// <summary>Entries of one list that are looked at. Clients send "from a few to some hundreds" (protocol.md).</summary>
    public const int MaxEntries = 5_000;

    private List<KeyValuePair<string, int>>? stripped;

    public Fingerprints Fingerprints { get; } = fingerprints;

    public EventTier Tier { get; } = tier;

    public BatchMemory Memory { get; } = memory;

    /// <summary>How often each field was stripped, by event and path.</summary>
    public IReadOnlyCollection<KeyValuePair<string, int>> Stripped => stripped ?? (IReadOnlyCollection<KeyValuePair<string, int>>)[];

    /// <summary>Counts a field that was stripped. An event has a handful of them: to look through these is quicker than a dictionary.</summary>
    public void Strip(string path)
    {
        stripped ??= [];
        for (var i = 0; i < stripped.Count; i++)
        {
            if (stripped[i].Key != path) continue;
            stripped[i] = new(path, stripped[i].Value + 1);
            return;
        }

        stripped.Add(new(path, 1));
    }

    /// <summary>The text of a JSON string of at most this many characters; false for a longer one and for what isn't valid UTF-8 or UTF-16.</summary>
    public static bool TryGetText(JsonElement element, int maxLength, out string text)
    {
        text = "";
        // Unescaping only shortens: six bytes is the most that one UTF-16 unit takes as an escape.
        if (JsonMarshal.GetRawUtf8Value(element).Length > (maxLength * 6) + 2) return false;
        try
        {
            text = element.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        return text.Length <= maxLength;
    }
}
