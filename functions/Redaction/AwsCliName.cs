using System.Text;

namespace Collector.Redaction;

/// <summary>
/// How the AWS CLI spells an operation: <c>DescribeVpcs</c> is <c>describe-vpcs</c> (the rules of botocore's <c>xform_name</c>).
/// </summary>
internal static class AwsCliName
{
    // botocore treats each of these as one word, although its capitals suggest more.
    private static readonly (string Spelled, string Word)[] Irregular = [("iSCSI", "Iscsi"), ("HITs", "Hits"), ("PartiQL", "Partiql")];

    public static string Of(string operation)
    {
        foreach (var (spelled, word) in Irregular) operation = operation.Replace(spelled, word, StringComparison.Ordinal);
        operation = OnePlural(operation);
        var name = new StringBuilder(operation.Length + 16);
        for (var i = 0; i < operation.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(operation[i]) && BeginsWord(operation, i)) name.Append('-');
            name.Append(char.ToLowerInvariant(operation[i]));
        }

        return name.ToString();
    }

    private static bool BeginsWord(string operation, int at) =>
        !char.IsAsciiLetterUpper(operation[at - 1]) || (at + 1 < operation.Length && char.IsAsciiLetterLower(operation[at + 1]));

    // "WebACLs" ends with the word "acls", not with "ac-ls".
    private static string OnePlural(string operation)
    {
        if (operation is not [.., 's']) return operation;
        var start = operation.Length - 1;
        while (start > 0 && char.IsAsciiLetterUpper(operation[start - 1])) start--;
        var capitals = operation.Length - 1 - start;
        return capitals < 2 ? operation : $"{operation[..(start + 1)]}{operation[(start + 1)..].ToLowerInvariant()}";
    }
}
