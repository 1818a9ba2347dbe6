namespace Collector.Redaction;

/// <summary>
/// The time format of clients, Python's <c>str(datetime.now())</c>: <c>2022-08-30 12:27:25.556001</c>, without the fraction when it is
/// zero. Checked by hand, because every call has a different time and a pattern would run for each.
/// </summary>
internal static class ClientTime
{
    private const string Longest = "0000-00-00 00:00:00.000000";
    private const string Shortest = "0000-00-00 00:00:00";

    /// <summary>Whether the text has this format and is a valid time (not 30 February or 25:61).</summary>
    public static bool Is(ReadOnlySpan<byte> text)
    {
        if (text.Length != Shortest.Length && (text.Length < Shortest.Length + 2 || text.Length > Longest.Length))
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (Longest[i] == '0' ? (uint)(text[i] - '0') > 9 : text[i] != Longest[i])
                return false;
        }

        var year = Number(text[..4]);
        return year >= 1 && Number(text[5..7]) is >= 1 and <= 12 and var month
            && Number(text[8..10]) is >= 1 and var day && day <= DateTime.DaysInMonth(year, month)
            && Number(text[11..13]) < 24 && Number(text[14..16]) < 60 && Number(text[17..19]) < 60;
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits) number = (number * 10) + digit - '0';
        return number;
    }
}
