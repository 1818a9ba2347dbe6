using System.Text;

namespace Collector.Tests.Integration.Reading;

/// <summary>
/// Reads CSV strictly by the grammar of RFC 4180: an unquoted cell has no quotation mark, comma, CR or LF; a line ends in CR LF.
/// </summary>
internal static class Rfc4180
{
    public static List<List<string>> Parse(string text)
    {
        var rows = new List<List<string>>();
        var place = 0;
        while (place < text.Length)
        {
            var row = new List<string>();
            do row.Add(Cell(text, ref place));
            while (text[place++] == ',');
            if (text[place - 1] != '\r' || text[place++] != '\n') throw new FormatException($"no line end before {place}");
            rows.Add(row);
        }

        return rows;
    }

    private static string Cell(string text, ref int place)
    {
        var cell = new StringBuilder();
        if (text[place] != '"')
        {
            while (text[place] is not (',' or '\r'))
            {
                if (text[place] is '"' or '\n') throw new FormatException($"an unquoted cell with {(int)text[place]} at {place}");
                cell.Append(text[place++]);
            }

            return cell.ToString();
        }

        for (place++; text[place] != '"' || text[place + 1] == '"'; place++)
        {
            if (text[place] == '"') place++;
            cell.Append(text[place]);
        }

        place++;
        return cell.ToString();
    }
}
