using System.Globalization;

namespace Collector.Tests.Fleet.Truth;

/// <summary>Compares the truth with the counts, row by row.</summary>
internal sealed class Comparison
{
    private Comparison(IReadOnlyList<string> differences, IReadOnlyList<(string Report, int Rows, int Exact, int Differences)> reports)
    {
        Differences = differences;
        Reports = reports;
    }

    /// <summary>One line for each wrong row.</summary>
    public IReadOnlyList<string> Differences { get; }

    /// <summary>By report: the compared rows, the rows with only one correct number, and the differences.</summary>
    public IReadOnlyList<(string Report, int Rows, int Exact, int Differences)> Reports { get; }

    public int Rows => Reports.Sum(report => report.Rows);

    /// <param name="before">The counts before the run.</param>
    public static Comparison Of(IReadOnlyDictionary<string, (long Least, long Most)> truth, IReadOnlyDictionary<string, long> before,
        IReadOnlyDictionary<string, long> after)
    {
        var differences = new List<(string Row, string Line)>();
        var rows = truth.Keys.Union(after.Keys).Union(before.Keys).Order(StringComparer.Ordinal).ToList();
        foreach (var row in rows)
        {
            var (least, most) = truth.GetValueOrDefault(row);
            var counted = after.GetValueOrDefault(row) - before.GetValueOrDefault(row);
            if (counted < least || counted > most)
                differences.Add((row,
                    string.Create(CultureInfo.InvariantCulture,
                    $"{row}: counted {counted}, must be {(least == most ? $"{least}" : $"{least} to {most}")}")));
        }

        var change = after.ToDictionary(row => row.Key, row => row.Value - before.GetValueOrDefault(row.Key));
        var received = change.GetValueOrDefault(Row.Received);
        var accounted = change.GetValueOrDefault(
            Row.Stored) + change.Where(row => row.Key.StartsWith(Row.Dropped(""), StringComparison.Ordinal)).Sum(row => row.Value);
        if (received != accounted) differences.Add(
            (Row.Received, $"the ledger does not balance: received {received}, stored and dropped {accounted}"));
        return new Comparison(
            [.. differences.Select(d => d.Line)],
            [.. rows.GroupBy(Row.ReportOf).Select(report => (
                report.Key, report.Count(), report.Count(row => truth.GetValueOrDefault(row) is var (least, most) && least == most),
                differences.Count(d => Row.ReportOf(d.Row) == report.Key)))]);
    }

    public void Print(TextWriter output)
    {
        output.WriteLine("report     rows   exact   differences");
        foreach (var (report, rows, exact, wrong) in Reports) output.WriteLine($"{report,-9} {rows,5} {exact,7} {wrong,13}");
        foreach (var difference in Differences.Take(40)) output.WriteLine("  " + difference);
        if (Differences.Count > 40) output.WriteLine($"  … and {Differences.Count - 40} more");
    }
}
