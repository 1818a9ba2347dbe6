using System.Globalization;
using System.Text;
using Amazon.Lambda.APIGatewayEvents;

namespace Collector.Usage;

/// <summary>
/// A table as CSV (RFC 4180): a header, then the rows, with lines that end in CR LF. Text that a spreadsheet would treat as a formula gets
/// an apostrophe before it, as OWASP's "CSV Injection" advises.
/// </summary>
internal sealed class CsvTable(string name, UsageQuery query)
{
    /// <summary>The first characters of formulas. The last four are full-width forms, which some spreadsheets treat alike.</summary>
    private const string FormulaStarts = "=+-@\t\r\n＝＋－＠";

    private readonly StringBuilder text = new();
    private bool header = true;
    private bool begun;

    public CsvTable Column(string title)
    {
        Put(title);
        return this;
    }

    public CsvTable Cell(string value)
    {
        EndHeader();
        if (value.Length > 0 && FormulaStarts.Contains(value[0], StringComparison.Ordinal)) value = "'" + value;
        Put(value);
        return this;
    }

    public CsvTable Cell(long? value)
    {
        EndHeader();
        Put(value?.ToString(CultureInfo.InvariantCulture) ?? "");
        return this;
    }

    public CsvTable Rate(double value)
    {
        EndHeader();
        Put(value.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    public void EndRow()
    {
        text.Append("\r\n");
        begun = false;
    }

    public APIGatewayProxyResponse Answer()
    {
        EndHeader();
        var answer = Api.Response.Text(text.ToString(), "text/csv; charset=utf-8; header=present");
        answer.Headers!["Content-Disposition"] =
            $"attachment; filename=\"{name}-{UsageQuery.Name(query.From)}-{UsageQuery.Name(query.To)}.csv\"";
        answer.Headers["Vary"] = "Accept";
        return answer;
    }

    private void EndHeader()
    {
        if (!header) return;
        header = false;
        EndRow();
    }

    private void Put(string cell)
    {
        if (begun) text.Append(',');
        begun = true;
        if (cell.AsSpan().IndexOfAny(",\"\r\n") < 0) text.Append(cell);
        else text.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
