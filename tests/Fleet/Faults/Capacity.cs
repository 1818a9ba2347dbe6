using System.Text;
using System.Text.Json.Nodes;

namespace Collector.Tests.Fleet.Faults;

/// <summary>Write units by table and operation, from DynamoDB's <c>ConsumedCapacity</c>.</summary>
internal sealed class Capacity
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (int Calls, double Units)> sums = new(StringComparer.Ordinal);

    public IReadOnlyList<(string What, int Calls, double Units)> Sums
    {
        get
        {
            lock (gate) return [.. sums.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, s.Value.Calls, s.Value.Units))];
        }
    }

    public double WriteUnits => Sums.Sum(sum => sum.Units);

    public void Clear()
    {
        lock (gate) sums.Clear();
    }

    /// <summary>The call, with a request for its consumed capacity.</summary>
    public static byte[] Asked(string operation, byte[] body)
    {
        if (operation is not ("PutItem" or "UpdateItem")) return body;
        var request = JsonNode.Parse(body)!.AsObject();
        request["ReturnConsumedCapacity"] = "INDEXES";
        return Encoding.UTF8.GetBytes(request.ToJsonString());
    }

    public void Add(string operation, byte[] request, byte[] answer)
    {
        if (operation is not ("PutItem" or "UpdateItem")) return;
        var consumed = JsonNode.Parse(answer)?["ConsumedCapacity"];
        // A failed condition costs units too, but the answer does not report them; it is shown as a call without units.
        var call = JsonNode.Parse(request)!;
        var table = (string)call["TableName"]!;
        var what = $"{table[(table.LastIndexOf('-') + 1)..]} {operation}";
        var item = call["Key"] ?? call["Item"];
        if ((item?["metric"] ?? item?["source"])?["S"] is { } kind) what += " " + ((string)kind!).Split('#')[0];
        if (consumed is null) what += " (refused)";
        lock (gate)
        {
            var (calls, units) = sums.GetValueOrDefault(what);
            sums[what] = (calls + 1, units + ((double?)consumed?["CapacityUnits"] ?? 0));
        }
    }
}
