namespace Collector.Redaction;

/// <summary>
/// The time as clients write it, Python's <c>str(datetime.now())</c>: <c>2022-08-30 12:27:25.556001</c>, without the fraction when it is zero. By hand and
/// not by a pattern: no two calls have it in common.
/// </summary>
internal static class ClientTime
{
    private const string Longest = "0000-00-00 00:00:00.000000";
    private const string Shortest = "0000-00-00 00:00:00";

    /// <summary>Whether the text has this shape; whether it is a time is for whoever orders by it.</summary>
    public static bool Is(ReadOnlySpan<byte> text)
    {
        if (text.Length != Shortest.Length && (text.Length < Shortest.Length + 2 || text.Length > Longest.Length))
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (Longest[i] == '0' ? (uint)(text[i] - '0') > 9 : text[i] != Longest[i])
                return false;
        }

        return true;
    }
}
