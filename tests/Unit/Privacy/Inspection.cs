using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Collector.Tests.Unit.Privacy;

/// <summary>All text in an item, with compressed content unpacked, as a person with access to the table can read it.</summary>
internal static class Inspection
{
    public static string Text(Dictionary<string, AttributeValue> item)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in item) Append(text.Append(name).Append('\n'), value);
        return text.ToString();
    }

    /// <summary>The JSON of a log item.</summary>
    public static string Content(Dictionary<string, AttributeValue> item) => PackedContent.Text(item["data"].B.ToArray())!;

    private static void Append(StringBuilder text, AttributeValue value)
    {
        if (value.S is not null) text.Append(value.S).Append('\n');
        if (value.N is not null) text.Append(value.N).Append('\n');
        foreach (var (name, member) in value.M ?? []) Append(text.Append(name).Append('\n'), member);
        if (value.B is null) return;
        var bytes = value.B.ToArray();
        text.Append(PackedContent.Text(bytes) ?? Convert.ToHexString(bytes)).Append('\n');
    }
}
